import { readdirSync, readFileSync } from 'node:fs';

/** The resident memory of a process, in MB. */
export function residentMB(pid: number): number {
  return (statusField(pid, 'VmRSS') * 1024) / 1e6;
}

/** The memory of a process in MB, with its share of pages that others have too, such as the program: proc_pid_smaps(5). */
export function proportionalMB(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return (Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) * 1024) / 1e6;
}

/** How many threads a process has. */
export function threadCount(pid: number): number {
  return statusField(pid, 'Threads');
}

/** How many files and sockets a process has open. */
export function handleCount(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function statusField(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
}
