import type { Log } from '../../log.ts';
import { CallPlaces, type PlaceHolder } from '../../queue/call-places.ts';
import { FairQueue } from '../../queue/fair-queue.ts';
import { KernelThread, type ThreadJob, type ThreadJobEvents } from './kernel-thread.ts';
import type { ThreadSettings } from './thread-messages.ts';

/**
 * Analyses that a thread has open at once. They share its time chunk by chunk; more wait in line, so that what they
 * hold in memory stays bounded.
 */
const JOBS_PER_THREAD = 32;

export interface PoolOptions {
  /** The most threads. */
  size: number;
  log: Log;
  /** Seals the checkpoints of its jobs; empty for none. */
  checkpointKey?: string;
  /** Whether all calls come from the gateway that the processor belongs to, which shares its places out by itself. */
  isPrivate?: boolean;
  /** Whether another pool comes first: even the first thread starts with its first job only, and all have a lower priority. */
  isSecondary?: boolean;
}

/**
 * Spreads analyses over kernel threads. A job goes to the thread with the fewest; when all are full it waits its turn,
 * fairly among callers. A thread that dies fails its own jobs only and is replaced.
 *
 * The first thread is there from the start, others come when all have work: one that never had any would hold 14 MB, on a
 * machine with many cores a gigabyte.
 */
export class ThreadPool {
  readonly #size: number;
  readonly #log: Log;
  readonly #settings: ThreadSettings;
  readonly #threads: KernelThread[] = [];
  readonly #places: CallPlaces;

  constructor({ size, log, checkpointKey = '', isPrivate = false, isSecondary = false }: PoolOptions) {
    this.#size = size;
    this.#log = log;
    this.#settings = { checkpointKey, hasLowPriority: isSecondary };
    const places = size * JOBS_PER_THREAD;
    this.#places = isPrivate ? new CallPlaces(new FairQueue(places)) : CallPlaces.shared(places);
    if (!isSecondary) this.#start();
  }

  /** Whether all threads answer, or will be ended soon. */
  get isAnswering(): boolean {
    return this.#threads.every(({ isAnswering }) => isAnswering);
  }

  /** Threads that have been started. */
  get threadCount(): number {
    return this.#threads.length;
  }

  /** Whether a job that came now would have to wait. */
  get isFull(): boolean {
    return this.#places.isFull;
  }

  get jobCount(): number {
    return this.#threads.reduce((sum, { jobCount }) => sum + jobCount, 0);
  }

  /** Jobs that wait for a place. */
  get waitingCount(): number {
    return this.#places.waitingCount;
  }

  /**
   * Gives a place on a thread, at once or when one is free. Close the job to give it back.
   *
   * @param caller the user of the place
   * @throws the signal's reason
   */
  async acquire(events: ThreadJobEvents & PlaceHolder, caller: string, signal: AbortSignal): Promise<ThreadJob> {
    const release = await this.#places.acquire(signal, caller, events);
    return this.#threadForJob().open(events, release);
  }

  /** Ends all threads; their jobs fail. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #threadForJob(): KernelThread {
    const [leastBusy] = this.#threads.toSorted((a, b) => a.jobCount - b.jobCount);
    return leastBusy && (leastBusy.jobCount === 0 || this.#threads.length === this.#size) ? leastBusy : this.#start();
  }

  #start(): KernelThread {
    const thread = new KernelThread(this.#log, this.#settings);
    this.#threads.push(thread);
    return thread;
  }
}
