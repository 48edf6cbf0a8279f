import type { Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import type { CsvOptions } from '#gen/tallystream/v1/processor_pb.ts';
import { type Caller, sharerOf } from '../../access/caller.ts';
import type { TallyError } from '../../errors.ts';
import type { NewJob, NewQuestion, ReadonlyRecord } from '../job-record.ts';
import type { Reader } from '../store/sqlite-calls.ts';
import { jobNotFound } from './job-errors.ts';
import type { JobHub } from './job-hub.ts';
import type { Jobs } from './jobs.ts';

/** Gives the jobs of a caller. */
export type JobsOf = (caller: Caller) => OwnJobs;

/**
 * The jobs as one caller sees them: those of others are as if they did not exist. The code that serves requests has
 * only this, so no request can bypass the check of the owner.
 */
export class OwnJobs {
  readonly #jobs: Jobs;
  readonly #hub: JobHub;
  readonly #caller: Caller;

  constructor(jobs: Jobs, hub: JobHub, caller: Caller) {
    this.#jobs = jobs;
    this.#hub = hub;
    this.#caller = caller;
  }

  create(job: Omit<NewJob, 'owner'>): Promise<Job> {
    return this.#jobs.create({ ...job, owner: this.#caller.owner ?? '' });
  }

  /** See {@link Jobs.ask}. */
  ask(question: Omit<NewQuestion, 'owner'>): Promise<Job> {
    return this.#jobs.ask({ ...question, owner: this.#caller.owner ?? '' });
  }

  /** See {@link Jobs.askAgain}. */
  async askAgain(id: string, question: { filename: string; options: CsvOptions | undefined }): Promise<Job> {
    await this.get(id);
    return await this.#jobs.askAgain(id, { ...question, owner: this.#caller.owner ?? '' });
  }

  /** @throws {@link TallyError} JOB_NOT_FOUND */
  async get(id: string): Promise<ReadonlyRecord> {
    const record = await this.#find(id);
    if (!record) throw jobNotFound(id);
    return record;
  }

  /** The owner of these jobs; undefined for everybody's. */
  get owner(): string | undefined {
    return this.#caller.owner;
  }

  /** The caller as a reader of the store. */
  reader(signal?: AbortSignal): Reader {
    return { lane: sharerOf(this.#caller), signal };
  }

  /** The newest jobs, for a watcher of all jobs. */
  async newest(pageSize: number): Promise<Job[]> {
    return (await this.list({ pageSize, pageToken: '', states: [] }, this.#watcher())).jobs;
  }

  /** A reader of whom there are as many as watchers may be: many come at once when a server has started again. */
  #watcher(signal?: AbortSignal): Reader {
    return { ...this.reader(signal), lane: `${sharerOf(this.#caller)} watches`, mayQueue: true };
  }

  /** The jobs with these names that exist, for a watcher of them, in the order of their names. */
  async some(ids: readonly string[], signal?: AbortSignal): Promise<Job[]> {
    const records = await this.#jobs.some([...new Set(ids)], this.#watcher(signal));
    return records.filter((record) => this.#isOwn(record)).map(({ job }) => job);
  }

  /** See {@link Jobs.list}. */
  list(query: { pageSize: number; pageToken: string; states: JobState[] }, reader = this.reader()) {
    return this.#jobs.list({ ...query, owner: this.#caller.owner }, reader);
  }

  /** See {@link JobHub.watch}. */
  watch(ids: ReadonlySet<string> | undefined, signal: AbortSignal, connection?: object) {
    return this.#hub.watch({ ids, owner: this.#caller.owner }, signal, connection);
  }

  /** See {@link Jobs.append}. */
  async append(...[id, ...part]: Parameters<Jobs['append']>): Promise<number> {
    await this.get(id);
    return await this.#jobs.append(id, ...part);
  }

  /** See {@link Jobs.sync}. @throws {@link TallyError} JOB_NOT_FOUND */
  async sync(id: string): Promise<void> {
    await this.get(id);
    await this.#jobs.sync(id);
  }

  /** See {@link Jobs.uploadLength}. @throws {@link TallyError} JOB_NOT_FOUND, UPLOAD_GONE */
  async uploadLength(id: string): Promise<number> {
    await this.get(id);
    return await this.#jobs.uploadLength(id);
  }

  /** See {@link Jobs.declareSize}. @throws {@link TallyError} JOB_NOT_FOUND */
  async declareSize(id: string, sizeBytes: number): Promise<void> {
    await this.get(id);
    await this.#jobs.declareSize(id, sizeBytes);
  }

  /** See {@link Jobs.uploadFinished}. @throws {@link TallyError} JOB_NOT_FOUND */
  async uploadFinished(id: string): Promise<Job> {
    await this.get(id);
    return await this.#jobs.uploadFinished(id);
  }

  /** See {@link Jobs.told}. */
  async told(id: string): Promise<void> {
    await this.#jobs.told(id);
  }

  /** See {@link Jobs.uploadFailed}. One that was deleted meanwhile has nothing left to remove. */
  async uploadFailed(id: string, reason: TallyError): Promise<void> {
    if (await this.#find(id)) await this.#jobs.uploadFailed(id, reason);
  }

  /** See {@link Jobs.cancel}. */
  async cancel(id: string): Promise<Job> {
    await this.get(id);
    return await this.#jobs.cancel(id);
  }

  /** See {@link Jobs.retry}. */
  async retry(id: string, options: CsvOptions | undefined): Promise<Job> {
    await this.get(id);
    return await this.#jobs.retry(id, options);
  }

  /** See {@link Jobs.delete}. Of a job that does not exist there is nothing to remove. */
  async delete(id: string): Promise<void> {
    if (await this.#find(id)) await this.#jobs.delete(id);
  }

  async #find(id: string): Promise<ReadonlyRecord | undefined> {
    const record = await this.#jobs.find(id);
    return record && this.#isOwn(record) ? record : undefined;
  }

  #isOwn(record: ReadonlyRecord): boolean {
    return this.#caller.owner === undefined || record.owner === this.#caller.owner;
  }
}
