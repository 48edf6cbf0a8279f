import { isFault, type TallyError, toTallyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ReadonlyRecord } from '../job-record.ts';
import type { JobStore } from '../store/job-store.ts';

const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 15_000;

/**
 * Jobs whose last change could not be stored, as on a full disk. Every reader sees them as they are here, and
 * they are stored as soon as that is possible. If the process ends before, the next one finds them as they were stored
 * last, and comes to the same end.
 */
export class UnstoredJobs {
  readonly #store: Pick<JobStore, 'put'>;
  readonly #log: Log;
  readonly #jobs = new Map<string, { record: ReadonlyRecord; onStored: (() => void)[] }>();
  #timer: NodeJS.Timeout | undefined;
  #retryMs = MIN_RETRY_MS;
  #isClosed = false;

  constructor(store: Pick<JobStore, 'put'>, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  get size(): number {
    return this.#jobs.size;
  }

  get(id: string): ReadonlyRecord | undefined {
    return this.#jobs.get(id)?.record;
  }

  /** Stores a change; a change that cannot be stored now is kept here. @returns why it could not be stored */
  async put(record: ReadonlyRecord): Promise<TallyError | undefined> {
    const { id } = record.job;
    try {
      await this.#store.put(record);
      this.#stored(record);
      return undefined;
    } catch (err) {
      const reason = toTallyError(err);
      const fault = isFault(reason) && { err };
      this.#log.warn(
        { jobId: id, code: reason.code, ...fault },
        'a change of a job could not be stored, and is kept in memory until it can',
      );
      this.#jobs.set(id, { record, onStored: this.#jobs.get(id)?.onStored ?? [] });
      this.#retryLater();
      return reason;
    }
  }

  /** Calls back when the job is stored, which may be now or never. */
  whenStored(id: string, onStored: () => void): void {
    const waiting = this.#jobs.get(id);
    if (waiting) waiting.onStored.push(onStored);
    else onStored();
  }

  /** Keeps a job that could not be removed, with the end that it has. */
  keep(record: ReadonlyRecord): void {
    this.#jobs.set(record.job.id, { record, onStored: [] });
    this.#retryLater();
  }

  /** Forgets a job: it is removed, or begins anew. */
  remove(id: string): void {
    this.#jobs.delete(id);
  }

  /** Tries a last time, and no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#retry();
  }

  #stored(record: ReadonlyRecord): void {
    const waiting = this.#jobs.get(record.job.id);
    // Something else may have happened to it meanwhile.
    if (waiting?.record !== record) return;
    this.#jobs.delete(record.job.id);
    for (const call of waiting.onStored) call();
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(async () => {
      await this.#retry();
      this.#timer = undefined;
      if (this.#jobs.size > 0) this.#retryLater();
    }, this.#retryMs).unref();
  }

  async #retry(): Promise<void> {
    for (const { record } of [...this.#jobs.values()]) {
      // It may have been removed while another was stored.
      if (this.#jobs.get(record.job.id)?.record !== record) continue;
      try {
        await this.#store.put(record);
      } catch {
        // As it is for this one, so it is for the others.
        this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
        return;
      }
      this.#log.info({ jobId: record.job.id }, 'a change of a job that had to wait is stored');
      this.#stored(record);
    }
    this.#retryMs = MIN_RETRY_MS;
  }
}
