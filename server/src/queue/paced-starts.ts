import { performance } from 'node:perf_hooks';
import { Starts } from './starts.ts';

/** A thread that does something for this share of the time is busy. */
const BUSY_UTILIZATION = 0.5;
/** The time that utilization is taken over, at least. */
const SAMPLE_MS = 50;

/**
 * Begins work that makes much for this thread to do, one caller's after the other's: one in a turn of the event loop, and
 * while the thread is busy with a pause between two. Work that is given up before its turn costs nothing.
 */
export class PacedStarts extends Starts<string> {
  /** @param pauseMs what a start costs of this thread, times what others shall get beside it */
  constructor(pauseMs: number, utilization = busyThread()) {
    super({
      later: (work) => {
        if (utilization() > BUSY_UTILIZATION) setTimeout(work, pauseMs);
        else setImmediate(work);
      },
      perTurn: 1,
    });
  }
}

/** Returns a function that says for what share of the last moment this thread did something, 0 to 1. */
function busyThread(): () => number {
  let sampledAt = performance.now();
  let sample = performance.eventLoopUtilization();
  let utilization = 0;
  return () => {
    const now = performance.now();
    if (now - sampledAt >= SAMPLE_MS) {
      ({ utilization } = performance.eventLoopUtilization(sample));
      sample = performance.eventLoopUtilization();
      sampledAt = now;
    }
    return utilization;
  };
}
