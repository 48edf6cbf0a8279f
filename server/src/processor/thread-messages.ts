import type { ErrorCode } from '../errors.ts';
import type { AnalysisOptions, Dialect } from '../kernel/analysis.ts';
import type { KernelReject, KernelSnapshot, KernelTotal } from '../kernel/kernel.ts';

/** What the main thread tells a kernel thread. `job` numbers the analyses of one thread. */
export type ThreadRequest =
  | { kind: 'open'; job: number; options: AnalysisOptions }
  | { kind: 'chunk'; job: number; bytes: Uint8Array }
  | { kind: 'snapshot'; job: number; topCount: number }
  | { kind: 'finish'; job: number; topCount: number }
  | { kind: 'totals'; job: number; batchSize: number }
  | { kind: 'close'; job: number };

/** What a kernel thread answers: one answer for every request but `close`, in the order of the requests. */
export type ThreadResponse =
  | { kind: 'opened'; job: number }
  | { kind: 'consumed'; job: number; rejects: KernelReject[] }
  | { kind: 'snapshot'; job: number; snapshot: AnalysisSnapshot }
  | { kind: 'finished'; job: number; snapshot: AnalysisSnapshot; rejects: KernelReject[]; dialect: Dialect | undefined }
  | { kind: 'totals'; job: number; totals: KernelTotal[] }
  | { kind: 'failed'; job: number; code: ErrorCode; message: string };

/** The kernel's snapshot with the position in the file as it was sent. */
export interface AnalysisSnapshot extends KernelSnapshot {
  bytes: number;
}
