import type { AnalysisSnapshot } from '../../../../kernel/analysis/snapshot.ts';
import type { ErrorCode } from '../../errors.ts';
import type { AnalysisOptions, Dialect } from '../../../../kernel/analysis/analysis.ts';
import type { Doubt } from '../../../../kernel/doubt.ts';
import type { KernelReject, KernelSnapshot } from '../../../../kernel/kernel.ts';

/** What a kernel thread is told of its work. */
export interface ThreadSettings {
  /** For its `CheckpointSeal`; empty for none. */
  checkpointKey: string;
  /** Whether other threads come first where the cores do not suffice for all. */
  hasLowPriority: boolean;
}

/** What a kernel thread is given at its start. */
export interface ThreadSetup extends ThreadSettings {
  /** For its `ThreadStatus`. */
  statusMemory: SharedArrayBuffer;
}

/** What the main thread tells a kernel thread. `job` numbers the analyses of one thread. */
export type ThreadRequest =
  /** Chunks will lie in `memory`, in slots of {@link SLOT_BYTES}; `resume` is a checkpoint to go on from. */
  | { kind: 'open'; job: number; options: AnalysisOptions; memory: SharedArrayBuffer; resume: Uint8Array | undefined }
  | { kind: 'chunk'; job: number; slot: number; length: number }
  | { kind: 'snapshot'; job: number; topCount: number }
  | { kind: 'checkpoint'; job: number }
  | { kind: 'finish'; job: number; topCount: number }
  | { kind: 'totals'; job: number; batchSize: number }
  | { kind: 'close'; job: number };

/** What a kernel thread answers, in the order of the requests. `open` and `close` have no answer. */
export type ThreadResponse =
  | { kind: 'consumed'; job: number; slot: number; rejects: KernelReject[] }
  | { kind: 'snapshot'; job: number; snapshot: AnalysisSnapshot }
  | { kind: 'checkpoint'; job: number; bytes: number; state: Uint8Array }
  | { kind: 'finished'; job: number; snapshot: AnalysisSnapshot; rejects: KernelReject[] }
  /** `batch` is a TotalsBatch of processor.proto, or empty after the last. */
  | { kind: 'totals'; job: number; batch: Uint8Array<ArrayBuffer> }
  /** The analysis is over; nothing more is answered. */
  | { kind: 'failed'; job: number; code: ErrorCode; message: string };

/**
 * What is handed to a kernel thread at once: half a millisecond of work, so that jobs take turns quickly, but far more than
 * it costs to hand it over.
 */
export const SLOT_BYTES = 512 * 1024;
