/** Facts about processes, from Linux's `/proc`: no image is without it, and many are without `ps`. */
import { readdirSync, readFileSync } from 'node:fs';

/** The processes that a process has started, oldest first. */
export function childrenOf(pid: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.sort((a, b) => a - b).filter((child) => figureOf(child, 'PPid') === pid);
}

/** The memory that a process holds, in kilobytes; 0 if it is gone. */
export function residentKb(pid: number): number {
  return figureOf(pid, 'VmRSS') ?? 0;
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
