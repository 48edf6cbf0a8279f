import type { AnalysisOptions } from '../../../../kernel/analysis/analysis.ts';
import type { AnalysisSnapshot } from '../../../../kernel/analysis/snapshot.ts';
import type { KernelReject } from '../../../../kernel/kernel.ts';
import type { ErrorCode } from '../../errors.ts';

/** The settings for the work of a kernel thread. */
export interface ThreadSettings {
  /** For its `CheckpointSeal`; empty for none. */
  checkpointKey: string;
  /** Whether other threads come first where the cores do not suffice for all. */
  hasLowPriority: boolean;
}

/** The data that a kernel thread gets at its start. */
export interface ThreadSetup extends ThreadSettings {
  /** For its `ThreadStatus`. */
  statusMemory: SharedArrayBuffer;
}

/** A request of the main thread to a kernel thread. `job` numbers the analyses of one thread. */
export type ThreadRequest =
  /** Chunks will lie in `memory`, in slots of {@link SLOT_BYTES}; `resume` is a checkpoint to go on from. */
  | { kind: 'open'; job: number; options: AnalysisOptions; memory: SharedArrayBuffer; resume: Uint8Array | undefined }
  | { kind: 'chunk'; job: number; slot: number; length: number }
  | { kind: 'snapshot'; job: number; topCount: number }
  | { kind: 'checkpoint'; job: number }
  | { kind: 'finish'; job: number; topCount: number }
  | { kind: 'totals'; job: number; batchSize: number }
  | { kind: 'close'; job: number };

/** An answer of a kernel thread, in the order of the requests. `open` and `close` have no answer. */
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
 * Bytes that are handed to a kernel thread at once: half a millisecond of work, so that jobs take turns quickly, but
 * far more than it costs to hand them over.
 */
export const SLOT_BYTES = 512 * 1024;
