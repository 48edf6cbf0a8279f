import { performance } from 'node:perf_hooks';
import { type Start, Starts } from './starts.ts';

/** A thread that does something for this share of the time is busy. */
const BUSY_UTILIZATION = 0.5;
/** The time that utilization is taken over, at least. */
const SAMPLE_MS = 50;

/** The time for which a caller's starts are counted. */
const WINDOW_MS = 1_000;

export interface Pace {
  /** Starts of one caller in a second that begin at once. */
  free: number;
  /** The pause before each further one while the thread is busy: the time that a start takes, times the share of others. */
  pauseMs: number;
}

/**
 * Begins work that makes much for this thread to do: the first starts of a caller at once, further ones in turns with
 * those of others, one in a turn of the event loop, and while the thread is busy with a pause between two. Work that is
 * given up before its turn costs nothing.
 */
export class PacedStarts extends Starts<string> {
  readonly #free: number;
  readonly #now: () => number;
  /** How many starts each caller has had in this window. */
  readonly #counts = new Map<string, number>();
  #windowAt = 0;

  constructor({ free, pauseMs }: Pace, utilization = busyThread(), now = () => performance.now()) {
    super({
      later: (work) => {
        if (utilization() > BUSY_UTILIZATION) setTimeout(work, pauseMs);
        else setImmediate(work);
      },
      perTurn: 1,
    });
    this.#free = free;
    this.#now = now;
  }

  override add(caller: string, start: Start): void {
    if (this.#count(caller) > this.#free) super.add(caller, start);
    else if (!start.isGone()) start.begin();
  }

  /** Counts a start of a caller. @returns how many it has had in this window */
  #count(caller: string): number {
    const now = this.#now();
    if (now - this.#windowAt >= WINDOW_MS) {
      this.#windowAt = now;
      this.#counts.clear();
    }
    const count = (this.#counts.get(caller) ?? 0) + 1;
    this.#counts.set(caller, count);
    return count;
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
