import type { KernelCourse } from '../course.ts';
import type { Dialect } from '../detect/dialect.ts';
import type { Doubt } from '../doubt.ts';
import type { KernelReject, KernelSnapshot } from '../kernel.ts';

/** The kernel's snapshot with the position in the file as it was sent, and what else is known by then. */
export interface AnalysisSnapshot extends KernelSnapshot {
  bytes: number;
  dialect: Dialect | undefined;
  doubts: readonly Doubt[];
  /** As {@link ResumableKernel.course}, if it was read; `later` if it was not yet time for that. */
  course?: KernelCourse | 'later' | undefined;
}

/** The results of a finished analysis besides its totals. */
export interface FinishedAnalysis {
  snapshot: AnalysisSnapshot;
  rejects: KernelReject[];
}
