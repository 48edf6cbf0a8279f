import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { create, enumToJson } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { type Job, JobErrorSchema, JobSchema, JobState, JobStateSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import { type CsvOptions, CsvOptionsSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { isErrorCode, isFault, TallyError, toTallyError } from '../errors.ts';
import { ActiveJob } from './active-job.ts';
import { type AnalysisDependencies, analyse, dropPartialResult } from './analysis-run.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type { JobHub } from './job-hub.ts';
import { hasEnded, type JobEvent, transition } from './job-state.ts';
import type { JobRecord, JobsQuery } from './store/job-store.ts';
import { isUploadNeeded } from './upload-need.ts';

/** Where a job's file is uploaded by tus: a path on this server. */
export const UPLOADS_PATH = '/uploads';

/** An upload that stands still for so long gives its place at a processor to a job that waits. */
const IDLE_UPLOAD_MS = 5_000;

/** Jobs that have not come to a checkpoint in this time are cut off when the server stops. */
const CLOSE_MS = 3_500;

export interface NewJob {
  filename: string;
  /** Bytes of the upload, if known. */
  sizeBytes: number | undefined;
  options: CsvOptions | undefined;
  isGzip: boolean;
  isResumable: boolean;
  /** See {@link JobRecord.owner}. */
  owner: string;
}

export interface JobsDependencies extends AnalysisDependencies {
  hub: JobHub;
  metrics: GatewayMetrics;
  /** Whether an upload stays after its job has succeeded. */
  keepUploads: boolean;
}

/** All jobs: what they are, what happens to them, and who is told. Jobs that have not ended are kept in memory too. */
export class Jobs {
  readonly #deps: JobsDependencies;
  readonly #active = new Map<string, ActiveJob>();
  /** What is being done to a job that must not be done twice at once. */
  readonly #busy = new Map<string, Promise<unknown>>();
  #isClosed = false;

  constructor(dependencies: JobsDependencies) {
    this.#deps = dependencies;
  }

  /** Takes up again what was running when the process before ended. */
  async recover(): Promise<void> {
    const { store, spool } = this.#deps;
    for (const record of await store.unfinished()) {
      const active = this.#activate(record);
      const length = await spool.length(record.job.id);
      record.job.receivedBytes = BigInt(length ?? 0);
      // A machine that lost its power may have lost the end of a file: what comes there now may be other bytes.
      await store.dropCheckpointBeyond(record.job.id, length ?? 0);
      if (record.job.state === JobState.UPLOADING && !record.isResumable) {
        await this.#uploadLost(active, interrupted('The server was stopped during the upload'));
      } else if (length === undefined) {
        await this.#fail(active, uploadGone());
      } else if (record.job.state !== JobState.UPLOADING && BigInt(length) === record.job.sizeBytes) {
        await spool.complete(record.job.id);
        this.#startAnalysis(active);
      } else if (!record.isResumable) {
        await this.#fail(active, uploadGone());
      } else {
        await this.#recoverUpload(active, length);
      }
    }
  }

  /** An upload that can go on, whose analysis does at once. */
  async #recoverUpload(active: ActiveJob, length: number): Promise<void> {
    const { job } = active.record;
    if (job.state !== JobState.UPLOADING) {
      // The machine lost its power before the last bytes were on the disk, and before anybody was told that they were.
      job.state = JobState.UPLOADING;
      job.uploadFinishTime = undefined;
      job.uploadUrl = `${UPLOADS_PATH}/${job.id}`;
      await this.#changed(active);
    }
    // Or the last byte was written, and the process ended before it could say so.
    if (BigInt(length) === job.sizeBytes) await this.uploadFinished(job.id);
    else if (length > 0) this.#startAnalysis(active);
  }

  async create({ filename, sizeBytes, options, isGzip, isResumable, owner }: NewJob): Promise<Job> {
    if (this.#isClosed) throw stopping();
    const id = randomUUID();
    const job = create(JobSchema, {
      id,
      filename,
      state: JobState.UPLOADING,
      ...(sizeBytes !== undefined && { sizeBytes: BigInt(sizeBytes) }),
      total: '0',
      createTime: timestampNow(),
      options: options ?? create(CsvOptionsSchema),
      uploadUrl: isResumable ? `${UPLOADS_PATH}/${id}` : '',
    });
    await this.#deps.spool.create(id);
    const active = this.#activate({ job, isGzip, isResumable, owner, resultId: 0 });
    try {
      await this.#changed(active);
    } catch (error) {
      // Who asked for it never hears its name.
      this.#active.delete(id);
      await this.#deps.spool.remove(id);
      this.#deps.hub.publishDeleted(active.record);
      throw error;
    }
    if (sizeBytes === 0 && isResumable) await this.uploadFinished(id);
    return job;
  }

  /** @throws {@link TallyError} JOB_NOT_FOUND */
  async get(id: string): Promise<JobRecord> {
    const record = await this.find(id);
    if (!record) throw jobNotFound(id);
    return record;
  }

  /** A job, as it is at this moment; undefined if there is none of this name. */
  async find(id: string): Promise<JobRecord | undefined> {
    return this.#active.get(id)?.record ?? (await this.#deps.store.get(id));
  }

  /** A page of jobs, newest first, those that run as they are at this moment. */
  async list(query: JobsQuery) {
    const { records, nextPageToken } = await this.#deps.store.list(query);
    return { jobs: records.map(({ job }) => this.#active.get(job.id)?.record.job ?? job), nextPageToken };
  }

  /**
   * Writes a part of a job's upload.
   *
   * @param onPiece is told of every piece before it is taken; what it throws ends the writing
   * @param signal ends the writing with its reason
   * @returns the length of the upload afterwards
   * @throws {@link TallyError} JOB_NOT_FOUND, JOB_HAS_ENDED, or why the job ended meanwhile
   */
  async append(
    id: string,
    offset: number,
    source: Readable,
    onPiece?: (length: number) => void,
    signal?: AbortSignal,
  ): Promise<number> {
    const active = await this.#uploading(id);
    const either = AbortSignal.any([active.signal, active.pauseSignal, ...(signal ? [signal] : [])]);
    return await this.#stored(active, this.#deps.spool.append(id, offset, source, either, onPiece));
  }

  /** Brings what was written of a job's upload onto the disk. @throws {@link TallyError} STORAGE_FAILED */
  async sync(id: string): Promise<void> {
    const active = this.#active.get(id);
    // One that has ended is whole, or of no use any more.
    if (active) await this.#stored(active, this.#deps.spool.sync(id));
  }

  /** Waits for something to be stored of a job's upload, which is lost if the disk is broken. */
  async #stored<T>(active: ActiveJob, work: Promise<T>): Promise<T> {
    try {
      return await active.track(work);
    } catch (error) {
      const reason = toTallyError(error);
      // What a broken disk holds cannot be built upon; for room on a full one somebody may wait.
      if (reason.code === 'STORAGE_FAILED') await this.#uploadLost(active, reason);
      throw error;
    }
  }

  /** The spool tells of every write. */
  onAppend(id: string, length: number): void {
    const active = this.#active.get(id);
    if (!active) return;
    const { job } = active.record;
    this.#deps.metrics.uploaded(Math.max(0, length - Number(job.receivedBytes)));
    job.receivedBytes = BigInt(length);
    active.gotBytes();
    this.#startAnalysis(active);
    this.#deps.hub.publish(active.record);
  }

  /** Says how large an upload will be that was begun without saying so. */
  async declareSize(id: string, sizeBytes: number): Promise<void> {
    const active = await this.#uploading(id);
    active.record.job.sizeBytes = BigInt(sizeBytes);
    await this.#changed(active);
  }

  /** Says that a job's upload is whole, again if need be. When it returns for the first time, the file is on the disk. */
  async uploadFinished(id: string): Promise<Job> {
    const known = (await this.get(id)).job;
    if (known.uploadFinishTime && known.state !== JobState.CANCELED) return known;
    const active = await this.#uploading(id);
    const { job } = active.record;
    // The analysis may end while the disk is still busy; who uploaded hears of it when the file is safe.
    const synced = active.track(this.#deps.spool.complete(id));
    synced.catch(() => {});
    job.sizeBytes = job.receivedBytes;
    job.uploadFinishTime = timestampNow();
    job.uploadUrl = '';
    active.gotBytes();
    this.#startAnalysis(active);
    try {
      await this.#apply(active, { kind: 'uploaded', isRunning: active.isRunning });
      await synced;
    } catch (error) {
      // The result is of the bytes as they came, whether the disk has kept them or not.
      if (job.state === JobState.SUCCEEDED) return job;
      const reason = toTallyError(error);
      if (reason.code === 'STORAGE_FAILED') await this.#uploadLost(active, reason);
      else await this.#fail(active, reason, error);
      throw error;
    }
    return job;
  }

  /** Says that a job's upload broke off and cannot be taken up again: what came of it is removed. */
  async uploadFailed(id: string, reason: TallyError): Promise<void> {
    const active = this.#active.get(id);
    if (active) await this.#uploadLost(active, reason);
    else await this.#deps.spool.remove(id);
  }

  async #uploadLost(active: ActiveJob, reason: TallyError): Promise<void> {
    await this.#fail(active, reason, reason.cause);
    await active.idle();
    await this.#deps.spool.remove(active.record.job.id);
  }

  /** Stops a job; what of its upload cannot be used any more is removed. @throws {@link TallyError} JOB_NOT_FOUND */
  cancel(id: string): Promise<Job> {
    return this.#oneByOne(id, () => this.#cancel(id));
  }

  async #cancel(id: string): Promise<Job> {
    const active = this.#active.get(id);
    if (!active) return (await this.get(id)).job;
    const { job } = active.record;
    await this.#end(active, { kind: 'canceled' }, new TallyError('CANCELED', 'The job was canceled.'));
    await active.idle();
    if (!job.uploadFinishTime) await this.#deps.spool.remove(id);
    return job;
  }

  /** @throws {@link TallyError} JOB_NOT_FOUND, JOB_NOT_ENDED, JOB_SUCCEEDED, UPLOAD_GONE */
  retry(id: string, options: CsvOptions | undefined): Promise<Job> {
    return this.#oneByOne(id, () => this.#retry(id, options));
  }

  async #retry(id: string, options: CsvOptions | undefined): Promise<Job> {
    if (this.#isClosed) throw stopping();
    const record = await this.get(id);
    if (!hasEnded(record.job.state)) throw new TallyError('JOB_NOT_ENDED', `Job "${id}" still runs: cancel it first.`);
    if (record.job.state === JobState.SUCCEEDED) {
      throw new TallyError('JOB_SUCCEEDED', `Job "${id}" has its result already.`);
    }
    const isUploaded = record.job.uploadFinishTime !== undefined;
    const length = await this.#deps.spool.length(id);
    if (length === undefined || (!isUploaded && !record.isResumable)) throw uploadGone();
    const job = create(JobSchema, {
      id,
      filename: record.job.filename,
      state: record.job.state,
      sizeBytes: record.job.sizeBytes,
      receivedBytes: BigInt(length),
      total: '0',
      createTime: record.job.createTime,
      uploadFinishTime: record.job.uploadFinishTime,
      options: options ?? record.job.options,
      uploadUrl: isUploaded ? '' : `${UPLOADS_PATH}/${id}`,
    });
    if (isUploaded) await this.#deps.spool.complete(id);
    const active = this.#activate({ ...record, job });
    await this.#apply(active, { kind: 'retried', isUploaded });
    if (length > 0 || isUploaded) this.#startAnalysis(active);
    return job;
  }

  /** Removes everything of a job, stopping it first. */
  delete(id: string): Promise<void> {
    return this.#oneByOne(id, () => this.#delete(id));
  }

  async #delete(id: string): Promise<void> {
    const active = this.#active.get(id);
    const record = active?.record ?? (await this.#deps.store.get(id));
    this.#active.delete(id);
    active?.abort(new TallyError('CANCELED', 'The job was deleted.'));
    await active?.idle();
    await this.#deps.spool.remove(id);
    await this.#deps.store.delete(id);
    if (record) this.#deps.hub.publishDeleted(record);
  }

  /** Removes an upload that nobody needs any more, or that belongs to no job. @returns whether it did */
  removeUnneededUpload(id: string): Promise<boolean> {
    return this.#oneByOne(id, async () => {
      const record = await this.find(id);
      if (record && isUploadNeeded(record, this.#deps.keepUploads)) return false;
      await this.#deps.spool.remove(id);
      return true;
    });
  }

  /** How many jobs have not ended, by state. */
  countByState(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { record } of this.#active.values()) {
      const name = stateName(record.job.state);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  /** Stops all work and leaves the jobs as they are, with what was done in checkpoints, to be recovered. */
  async close(): Promise<void> {
    const reason = stopping();
    this.#isClosed = true;
    const active = [...this.#active.values()];
    this.#active.clear();
    for (const job of active) job.pause(reason);
    const timer = setTimeout(() => active.forEach((job) => void job.abort(reason)), CLOSE_MS);
    await Promise.all(active.map((job) => job.idle()));
    clearTimeout(timer);
  }

  /** Cancel, retry and delete of the same job wait for each other. */
  async #oneByOne<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#busy.get(id) ?? Promise.resolve();
    const result = before.then(work);
    const done: Promise<unknown> = result.catch(() => {});
    this.#busy.set(id, done);
    try {
      return await result;
    } finally {
      if (this.#busy.get(id) === done) this.#busy.delete(id);
    }
  }

  #activate(record: JobRecord): ActiveJob {
    const active = new ActiveJob(record);
    this.#active.set(record.job.id, active);
    return active;
  }

  async #uploading(id: string): Promise<ActiveJob> {
    const active = this.#active.get(id);
    if (active?.record.job.state === JobState.UPLOADING) return active;
    const { job, isResumable } = await this.get(id);
    // Who sends all in one request hears what is wrong with it, however far the sending was.
    if (!isResumable && job.error && isErrorCode(job.error.code))
      throw new TallyError(job.error.code, job.error.message);
    const why = job.error ? `: ${job.error.message}` : '.';
    throw new TallyError('JOB_HAS_ENDED', `Job "${id}" takes no upload, its state is ${stateName(job.state)}${why}`);
  }

  #startAnalysis(active: ActiveJob): void {
    if (active.analysis) return;
    const tell = (event: JobEvent) => {
      this.#apply(active, event).catch((error) => this.#fail(active, toTallyError(error), error));
    };
    const run = {
      record: active.record,
      signal: active.signal,
      pauseSignal: active.pauseSignal,
      isIdle: () => active.record.job.state === JobState.UPLOADING && active.idleMs > IDLE_UPLOAD_MS,
      moreBytes: () => active.moreBytes(),
      onStarted: () => {
        active.isRunning = true;
        tell({ kind: 'started' });
      },
      onWaiting: () => {
        active.isRunning = false;
        tell({ kind: 'waiting' });
      },
      onProgress: () => this.#deps.hub.publish(active.record),
    };
    active.analysis = active.track(
      analyse(run, this.#deps)
        .then((resultId) => this.#succeed(active, resultId))
        .catch((error) => this.#analysisFailed(active, error)),
    );
  }

  async #analysisFailed(active: ActiveJob, error: unknown): Promise<void> {
    // The next process goes on with it.
    if (active.pauseSignal.aborted) return;
    await this.#fail(active, toTallyError(error), error);
    await dropPartialResult(active.record, this.#deps.store);
  }

  async #succeed(active: ActiveJob, resultId: number): Promise<void> {
    const { record } = active;
    // A server that stops has nothing active any more: the next one comes to the same end, from the last checkpoint.
    if (active.pauseSignal.aborted) return;
    if (!this.#isActive(active)) return await this.#deps.store.dropResult(resultId);
    record.resultId = resultId;
    await this.#end(active, { kind: 'succeeded' });
    if (!this.#deps.keepUploads) await this.#deps.spool.remove(record.job.id);
  }

  async #fail(active: ActiveJob, reason: TallyError, cause?: unknown): Promise<void> {
    if (!this.#isActive(active)) return;
    const { job } = active.record;
    job.error = create(JobErrorSchema, { code: reason.code, message: reason.message });
    const log = { jobId: job.id, code: reason.code, ...(isFault(reason) && { err: cause }) };
    this.#deps.log.warn(log, 'a job failed');
    try {
      await this.#end(active, { kind: 'failed' }, reason);
    } catch (err) {
      // It has failed for everybody who looks now; after a restart it is tried again.
      this.#deps.log.error({ err, jobId: job.id }, 'the end of a job could not be kept');
    }
  }

  /** The last thing that happens to a job; what still works on it is told why. */
  async #end(active: ActiveJob, event: JobEvent, reason?: TallyError): Promise<void> {
    const { job } = active.record;
    job.finishTime = timestampNow();
    job.uploadUrl = '';
    if (reason) active.abort(reason);
    try {
      await this.#apply(active, event);
      this.#deps.metrics.jobEnded(stateName(job.state), job.error?.code ?? '');
      if (job.state === JobState.SUCCEEDED) this.#deps.metrics.rows(job.rowsProcessed, job.rowsRejected);
    } finally {
      if (this.#active.get(job.id) === active) this.#active.delete(job.id);
    }
  }

  /** Whether the job has neither ended nor been deleted or retried since. */
  #isActive(active: ActiveJob): boolean {
    return this.#active.get(active.record.job.id) === active && !hasEnded(active.record.job.state);
  }

  async #apply(active: ActiveJob, event: JobEvent): Promise<void> {
    const state = transition(active.record.job.state, event);
    if (state === undefined) return;
    active.record.job.state = state;
    await this.#changed(active);
  }

  /** Tells everybody and keeps it. */
  async #changed({ record }: ActiveJob): Promise<void> {
    // A job that was deleted meanwhile must not come back.
    if (this.#active.get(record.job.id)?.record !== record) return;
    this.#deps.hub.publish(record);
    await this.#deps.store.put(record);
  }
}

/** What who asks for a job that is not there is told. */
export function jobNotFound(id: string): TallyError {
  return new TallyError('JOB_NOT_FOUND', `There is no job "${id}": it may have been deleted.`);
}

/** `JOB_STATE_UPLOADING` and its like. */
export function stateName(state: JobState): string {
  return String(enumToJson(JobStateSchema, state));
}

function stopping(): TallyError {
  return new TallyError('STOPPING', 'The server is stopping: try again in a moment.');
}

function uploadGone(): TallyError {
  return new TallyError('UPLOAD_GONE', 'The uploaded file is not there any more: upload it again.');
}

/** An upload in one request that ended before its file did. */
export function interrupted(how: string): TallyError {
  return new TallyError('UPLOAD_INTERRUPTED', `${how}: upload the file again.`);
}
