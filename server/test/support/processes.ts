/** Facts about processes, from Linux's `/proc`: no image is without it, and many are without `ps`. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The processes that a process has started, oldest first. */
export function childrenOf(pid: number): number[] {
  return allPids().filter((child) => figureOf(child, 'PPid') === pid);
}

/**
 * Whether a process still runs. One that has ended is listed until its parent asks for its exit code, which nobody does
 * where the first process of a container is no init.
 */
export function isRunning(pid: number): boolean {
  return !['', 'Z', 'X'].includes(statOf(pid).state);
}

/** Whether a process of a group still runs. */
export function isGroupRunning(group: number): boolean {
  return allPids().some((pid) => statOf(pid).group === group && isRunning(pid));
}

/** Whether another process has a file open. */
export function isOpenElsewhere(path: string): boolean {
  return allPids().some((pid) => pid !== process.pid && openFiles(pid).includes(path));
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  } catch {
    // It has ended meanwhile, or is another user's.
    return [];
  }
}

/** The memory that a process holds, in kilobytes; 0 if it is gone. */
export function residentKb(pid: number): number {
  return figureOf(pid, 'VmRSS') ?? 0;
}

/** The nice values of a process's threads, as proc_pid_stat(5) has them. */
export function nicenessOfThreads(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const facts = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return Number(facts[16]);
  });
}

/** The variables that a process was started with. */
export function environmentOf(pid: number): Map<string, string> {
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return new Map(variables.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
}

function figureOf(pid: number, name: string): number | undefined {
  try {
    const value = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return value === undefined ? undefined : Number(value);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function allPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
}

/** State and group of a process, as proc_pid_stat(5) has them; an empty state if it is gone. */
function statOf(pid: number): { state: string; group: number } {
  try {
    // The name of the program stands in brackets, and may hold brackets and blanks.
    const [state = '', , group] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return { state, group: Number(group) };
  } catch {
    return { state: '', group: 0 };
  }
}
