import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Collector, JobHub } from './job-hub.ts';

/** The jobs as they were at one moment. */
export interface JobSnapshot<T> {
  /** The value that was made of the jobs. */
  value: T;
  /** The news since then. */
  since: Collector;
}

/**
 * A snapshot is used again for so many times as long as it took to make, so that snapshots, however many are asked for,
 * take no more than this part of the time.
 */
const REUSE_FACTOR = 10;
/** Nobody may ask again, and a snapshot of many jobs is some megabytes. */
const KEEP_MS = 10_000;

interface Known<T> {
  made: Promise<JobSnapshot<T>>;
  since: Collector;
  /** By `performance.now()`; infinite while it is being made. */
  reusableUntil: number;
}

/**
 * Snapshots of all jobs of an owner, each made once for all callers that ask at that time. A snapshot may be a little
 * old: with it comes the news since then, as everybody hears it anyway.
 */
export class JobSnapshots<T> {
  readonly #hub: JobHub;
  readonly #make: (jobs: Job[]) => T;
  readonly #known = new Map<string | undefined, Known<T>>();

  constructor(hub: JobHub, make: (jobs: Job[]) => T) {
    this.#hub = hub;
    this.#make = make;
  }

  /** @param list reads the jobs of the owner */
  async of(owner: string | undefined, list: () => Promise<Job[]>): Promise<JobSnapshot<T>> {
    const known = this.#known.get(owner);
    if (known && (known.since.pending.size === 0 || performance.now() < known.reusableUntil)) return await known.made;
    if (known) this.#drop(owner, known);
    const since = this.#hub.collect({ ids: undefined, owner });
    const startedAt = performance.now();
    const made = list().then((jobs) => ({ value: this.#make(jobs), since }));
    const entry: Known<T> = { made, since, reusableUntil: Number.POSITIVE_INFINITY };
    this.#known.set(owner, entry);
    try {
      const snapshot = await made;
      const now = performance.now();
      entry.reusableUntil = now + (now - startedAt) * REUSE_FACTOR;
      setTimeout(() => this.#drop(owner, entry), KEEP_MS).unref();
      return snapshot;
    } catch (error) {
      this.#drop(owner, entry);
      throw error;
    }
  }

  #drop(owner: string | undefined, known: Known<T>): void {
    if (this.#known.get(owner) !== known) return;
    this.#known.delete(owner);
    this.#hub.release(known.since);
  }
}
