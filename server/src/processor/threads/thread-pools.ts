import type { IncomingHttpHeaders } from 'node:http';
import type { Log } from '../../log.ts';
import { OUTSIDE_HEADER } from '../../process-csv/outside-header.ts';
import { ThreadPool } from './thread-pool.ts';

export interface PoolsOptions {
  /** The most threads for the gateway's jobs, and for all calls of a processor that belongs to none. */
  size: number;
  log: Log;
  /** Seals the checkpoints of its jobs; empty for none. */
  checkpointKey: string;
  /** Whether all calls come from the gateway that the processor belongs to. */
  isPrivate: boolean;
}

/**
 * The kernel threads of a processor. Calls that its gateway hands on have threads of their own, half as many, so that the
 * machine's cores are shared between them and the gateway's jobs, however much work each of their bytes makes, and a lower
 * priority.
 */
export class ThreadPools {
  readonly #jobs: ThreadPool;
  readonly #outside: ThreadPool | undefined;

  constructor({ size, isPrivate, ...options }: PoolsOptions) {
    this.#jobs = new ThreadPool({ ...options, size, isPrivate });
    this.#outside = isPrivate
      ? new ThreadPool({ ...options, size: Math.ceil(size / 2), isSecondary: true })
      : undefined;
  }

  /** The pool for a call with these headers. */
  for(headers: IncomingHttpHeaders): ThreadPool {
    return (headers[OUTSIDE_HEADER] !== undefined && this.#outside) || this.#jobs;
  }

  /** As in {@link ThreadPool}, of both together. */
  get isAnswering(): boolean {
    return this.#all.every(({ isAnswering }) => isAnswering);
  }

  get threadCount(): number {
    return this.#all.reduce((sum, { threadCount }) => sum + threadCount, 0);
  }

  get jobCount(): number {
    return this.#all.reduce((sum, { jobCount }) => sum + jobCount, 0);
  }

  get waitingCount(): number {
    return this.#all.reduce((sum, { waitingCount }) => sum + waitingCount, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((pool) => pool.close()));
  }

  get #all(): ThreadPool[] {
    return this.#outside ? [this.#jobs, this.#outside] : [this.#jobs];
  }
}
