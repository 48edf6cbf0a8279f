import { formatDecimal } from '../decimal.ts';
import { type Kernel, type KernelSnapshot, type KernelTotal, RejectReason } from '../kernel.ts';

/** All that a kernel tells about a file, in a form that reads well in a failed test. */
export interface KernelOutcome {
  /** `department: sum x count`, in the kernel's order. */
  totals: string[];
  /** `line @ offset reason: raw`. */
  rejects: string[];
  blankLines: number;
  snapshot: KernelSnapshot;
}

/** Feeds the pieces to a kernel, each in a buffer that is overwritten afterwards: a kernel must not keep it. */
export function runKernel(kernel: Kernel, pieces: Iterable<Uint8Array>): KernelOutcome {
  for (const piece of pieces) {
    const chunk = Uint8Array.from(piece);
    kernel.push(chunk);
    chunk.fill(0x22);
  }
  kernel.finish();
  return outcomeOf(kernel);
}

/** The outcome of a finished kernel. */
export function outcomeOf(kernel: Pick<Kernel, 'snapshot' | 'takeRejects' | 'totals'>): KernelOutcome {
  const snapshot = kernel.snapshot(3);
  return {
    totals: [...kernel.totals(2)].flat().map(describeTotal),
    rejects: kernel
      .takeRejects()
      .map(({ line, byteOffset, reason, raw }) => `${line} @ ${byteOffset} ${reasonName(reason)}: ${raw}`),
    blankLines: snapshot.blankLines,
    snapshot,
  };
}

/** Every way to cut bytes into two, and each byte on its own. */
export function* everyCut(bytes: Uint8Array): Generator<Uint8Array[]> {
  yield [bytes];
  for (let at = 1; at < bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
}

function describeTotal({ department, sum, count, scale }: KernelTotal): string {
  return `${department}: ${formatDecimal(sum, scale)} x ${count}`;
}

function reasonName(reason: RejectReason): string {
  return Object.entries(RejectReason).find(([, value]) => value === reason)![0];
}
