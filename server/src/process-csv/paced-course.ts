import type { KernelCourse } from '../../../kernel/course.ts';

/** Eyes see no more of it. */
const LEAST_PAUSE_MS = 300;
/** Of the time of a thread, at most a part in so many goes there. */
const MOST_SHARE = 25;

/** Reads sums over time now and then, the more rarely the longer it takes. */
export class PacedCourse {
  #notBefore = 0;

  /** Undefined if there is none; `later` if it is not time for it yet. */
  read(analysis: { course(): KernelCourse | undefined }): KernelCourse | 'later' | undefined {
    const startedAt = performance.now();
    if (startedAt < this.#notBefore) return 'later';
    const course = analysis.course();
    const endedAt = performance.now();
    if (course) this.#notBefore = endedAt + Math.max(LEAST_PAUSE_MS, (endedAt - startedAt) * MOST_SHARE);
    return course;
  }
}
