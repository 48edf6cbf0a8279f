import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import type { CsvOptions } from '#gen/tallystream/v1/processor_pb.ts';
import { isErrorCode, TallyError, toTallyError } from '../../errors.ts';
import {
  dropFileOf,
  type NewJob,
  type NewQuestion,
  newRecord,
  questionRecord,
  type ReadonlyRecord,
  retriedRecord,
} from '../job-record.ts';
import { isFileSource, sourceOfQuestion } from '../job-source.ts';
import { hasEnded, stateName } from '../job-state.ts';
import { findLoss, findLossOfWhole, uploadGone } from '../spool/upload-gone.ts';
import type { JobsQuery } from '../store/job-store.ts';
import type { Reader } from '../store/sqlite-calls.ts';
import type { ActiveJob } from './active-job.ts';
import { ActiveJobs, type JobsDependencies } from './active-jobs.ts';
import { jobNotFound, stopping } from './job-errors.ts';
import { KeptFiles } from './kept-files.ts';
import { optionsRefusal, recoverJobs } from './recovery.ts';
import { isUploadNeeded } from './upload-need.ts';

/** The server itself. */
const OWN_READER: Reader = { lane: 'server' };

/** All jobs: their data, their changes, and their watchers. Jobs that have not ended are kept in memory too. */
export class Jobs {
  readonly #deps: JobsDependencies;
  readonly #running: ActiveJobs;
  readonly #kept: KeptFiles;
  /** The running operations by job, of those that must not run twice at once. */
  readonly #busy = new Map<string, Promise<unknown>>();
  #isClosed = false;

  constructor(dependencies: JobsDependencies) {
    this.#deps = dependencies;
    this.#kept = new KeptFiles(dependencies.keepUploads);
    this.#running = new ActiveJobs(dependencies, (record) => void this.#keepFile(record));
  }

  /** Resumes jobs that were unfinished when the previous process ended. One that cannot go on fails, and no other. */
  async recover(): Promise<void> {
    await recoverJobs(this.#running, this.#deps, (id) => this.uploadFinished(id));
    for await (const file of this.#deps.spool.list()) {
      const record = await this.#deps.store.get(file.id);
      if (record) this.#kept.add(record, file);
    }
    await this.#dropFiles(this.#kept.beyondBudget());
  }

  async create(newJob: NewJob): Promise<Job> {
    if (this.#isClosed) throw stopping();
    const id = randomUUID();
    await this.#deps.spool.create(id);
    const uploadUrl = newJob.isResumable ? this.#deps.uploadUrl(id) : '';
    const active = this.#running.add(newRecord(id, uploadUrl, newJob));
    try {
      await this.#running.created(active);
    } catch (error) {
      // The caller never hears its name.
      this.#running.remove(id);
      await this.#deps.spool.remove(id);
      this.#deps.hub.publishDeleted(active.record);
      throw error;
    }
    if (newJob.sizeBytes === 0 && newJob.isResumable) await this.uploadFinished(id);
    return active.record.job;
  }

  /**
   * Makes a job about the file of another one, which must be whole.
   *
   * @throws {@link TallyError} JOB_NOT_FOUND, SOURCE_NOT_READY, UPLOAD_GONE
   */
  askAgain(id: string, question: Pick<NewQuestion, 'options' | 'owner'> & { filename: string }): Promise<Job> {
    return this.#oneByOne(id, async () => {
      const { job, isGzip } = await this.get(id);
      const source = sourceOfQuestion(job.source, id);
      const sizeBytes = Number(job.receivedBytes);
      const about = { ...question, filename: question.filename || job.filename, source, sizeBytes, isGzip };
      if (isFileSource(source)) return await this.ask(about);
      if (!job.uploadFinishTime) {
        throw new TallyError(
          'SOURCE_NOT_READY',
          `The file of job "${id}" is not whole yet: ask when its upload has ended.`,
        );
      }
      const loss = findLossOfWhole(job, await this.#deps.spool.length(id));
      if (loss && !this.#running.get(id)) await this.#dropFile(id);
      if (loss) throw loss;
      return await this.ask(about, id);
    });
  }

  /**
   * Makes a job about a file that is there.
   *
   * @param from the job that has the file in the spool; undefined for one that lies elsewhere
   */
  async ask(question: NewQuestion, from?: string): Promise<Job> {
    if (this.#isClosed) throw stopping();
    const id = randomUUID();
    // Its file is there before the job: nobody may take it for one that no job needs.
    return await this.#oneByOne(id, () => this.#askAs(id, question, from));
  }

  async #askAs(id: string, question: NewQuestion, from?: string): Promise<Job> {
    if (from !== undefined) await this.#deps.spool.link(from, id);
    const active = this.#running.add(questionRecord(id, question));
    try {
      await this.#running.created(active);
      if (from !== undefined) await this.#deps.spool.complete(id, question.sizeBytes);
    } catch (error) {
      // The caller never hears its name.
      this.#running.remove(id);
      await this.#deps.spool.remove(id);
      this.#deps.hub.publishDeleted(active.record);
      throw error;
    }
    this.#running.startAnalysis(active);
    return active.record.job;
  }

  /** @throws {@link TallyError} JOB_NOT_FOUND */
  async get(id: string): Promise<ReadonlyRecord> {
    const record = await this.find(id);
    if (!record) throw jobNotFound(id);
    return record;
  }

  /** A job, as it is at this moment; undefined if there is none of this name. */
  async find(id: string): Promise<ReadonlyRecord | undefined> {
    return this.#running.newest(id) ?? (await this.#deps.store.get(id));
  }

  /** Those of some jobs that are there, as they are at this moment, in the order of their names. */
  async some(ids: readonly string[], reader: Reader): Promise<ReadonlyRecord[]> {
    // One that ends while the others are read is in memory no more, and was not read.
    const found = new Map(ids.map((id) => [id, this.#running.newest(id)]));
    const ended = ids.filter((id) => !found.get(id));
    if (ended.length > 0) {
      for (const record of await this.#deps.store.some(ended, reader)) found.set(record.job.id, record);
    }
    return ids.flatMap((id) => this.#running.newest(id) ?? found.get(id) ?? []);
  }

  /** A page of jobs, newest first, those that run as they are at this moment. */
  async list(query: JobsQuery, reader: Reader = OWN_READER) {
    const { records, nextPageToken } = await this.#deps.store.list(query, reader);
    return { jobs: records.map(({ job }) => this.#running.newest(job.id)?.job ?? job), nextPageToken };
  }

  /**
   * Writes a part of a job's upload.
   *
   * @param onPiece is told of every piece before it is taken; an error that it throws ends the writing
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
    // Bytes that come after the end of the job are of no interest.
    const onWritten = (length: number) => void (this.#running.get(id) === active && this.#received(active, length));
    return await this.#stored(active, this.#deps.spool.append(id, offset, source, either, { onPiece, onWritten }));
  }

  /**
   * Syncs the written part of a job's upload to the disk, and remembers that it was there: its sender may be told so.
   *
   * @throws {@link TallyError} STORAGE_FAILED
   */
  async sync(id: string): Promise<void> {
    const active = this.#running.get(id);
    // One that has ended is whole, or of no use any more.
    if (!active) return;
    const length = Number(active.record.job.receivedBytes);
    await this.#stored(active, this.#deps.spool.sync(id));
    await this.#acknowledge(active, length);
  }

  async #acknowledge({ record, writer }: ActiveJob, length: number): Promise<void> {
    if (writer.acknowledge(length)) await this.#running.keep(record);
  }

  /**
   * How many bytes of a job's upload are there. A job whose upload has lost some that were acknowledged fails.
   *
   * @throws {@link TallyError} JOB_NOT_FOUND, UPLOAD_GONE
   */
  async uploadLength(id: string): Promise<number> {
    const record = await this.get(id);
    const length = await this.#deps.spool.length(id);
    const loss = findLoss(record, length);
    if (!loss) return length ?? 0;
    const active = this.#running.get(id);
    if (active) await this.#running.fail(active, loss);
    throw loss;
  }

  /** Waits for something to be stored of a job's upload, which is lost if the disk is broken. */
  async #stored<T>(active: ActiveJob, work: Promise<T>): Promise<T> {
    try {
      return await active.track(work);
    } catch (error) {
      const reason = toTallyError(error);
      // A file on a broken disk cannot be built upon; for room on a full one somebody may wait.
      if (reason.code === 'STORAGE_FAILED') await this.#running.uploadLost(active, reason);
      throw error;
    }
  }

  #received(active: ActiveJob, length: number): void {
    const added = active.writer.setReceivedBytes(length);
    this.#deps.metrics.uploaded(added);
    active.upload.gotBytes(added);
    this.#running.startAnalysis(active);
    this.#deps.hub.publish(active.record);
  }

  /** Says how large an upload will be that was begun without saying so. */
  async declareSize(id: string, sizeBytes: number): Promise<void> {
    const active = await this.#uploading(id);
    active.writer.declareSize(sizeBytes);
    await this.#running.changed(active);
  }

  /** Says that a job's upload is whole, again if need be. When it returns for the first time, the file is on the disk. */
  async uploadFinished(id: string): Promise<Job> {
    const known = (await this.get(id)).job;
    if (known.uploadFinishTime && known.state !== JobState.CANCELED) return known;
    const active = await this.#uploading(id);
    const { job } = active.record;
    // The analysis may end while the disk is still busy; the sender hears of it when the file is safe.
    const synced = active.track(this.#deps.spool.complete(id, Number(job.receivedBytes)));
    synced.catch(() => {});
    active.writer.finishUpload();
    active.upload.gotBytes();
    this.#running.startAnalysis(active);
    try {
      await this.#running.apply(active, { kind: 'uploaded', isRunning: active.hasThread });
      await synced;
      if (active.record.isResumable) await this.#acknowledge(active, Number(job.sizeBytes));
    } catch (error) {
      // The result is of the bytes as they came, whether the disk has kept them or not.
      if (job.state === JobState.SUCCEEDED) return job;
      const reason = toTallyError(error);
      if (reason.code === 'STORAGE_FAILED') await this.#running.uploadLost(active, reason);
      else await this.#running.fail(active, reason, error);
      throw error;
    }
    return job;
  }

  /** Resolves when it is known how a job's file is read, with the doubts about that, or the job has ended. */
  async told(id: string): Promise<void> {
    await this.#running.get(id)?.told;
  }

  /** Says that a job's upload broke off and cannot be resumed: the bytes that came are removed. */
  async uploadFailed(id: string, reason: TallyError): Promise<void> {
    const active = this.#running.get(id);
    if (active) await this.#running.uploadLost(active, reason);
    else await this.#deps.spool.remove(id);
  }

  /** Stops a job; the unusable part of its upload is removed. @throws {@link TallyError} JOB_NOT_FOUND */
  cancel(id: string): Promise<Job> {
    return this.#oneByOne(id, () => this.#cancel(id));
  }

  async #cancel(id: string): Promise<Job> {
    const active = this.#running.get(id);
    if (!active) return (await this.get(id)).job;
    const { job } = active.record;
    await this.#running.end(active, { kind: 'canceled' }, new TallyError('CANCELED', 'The job was canceled.'));
    await active.idle();
    if (!job.uploadFinishTime) await this.#deps.spool.remove(id);
    return job;
  }

  /** @throws {@link TallyError} JOB_NOT_FOUND, JOB_NOT_ENDED, JOB_SUCCEEDED, UPLOAD_GONE, OPTION_INVALID */
  retry(id: string, options: CsvOptions | undefined): Promise<Job> {
    return this.#oneByOne(id, () => this.#retry(id, options));
  }

  async #retry(id: string, options: CsvOptions | undefined): Promise<Job> {
    if (this.#isClosed) throw stopping();
    const record = await this.get(id);
    if (!hasEnded(record.job.state))
      throw new TallyError('JOB_NOT_ENDED', `Job "${id}" is still running: cancel it first.`);
    if (record.job.state === JobState.SUCCEEDED) {
      throw new TallyError('JOB_SUCCEEDED', `Job "${id}" already has its result.`);
    }
    const refusal = options ? undefined : optionsRefusal(record.job);
    if (refusal) throw refusal;
    const isUploaded = record.job.uploadFinishTime !== undefined;
    if (!isUploaded && !record.isResumable) throw uploadGone();
    // Work that is left of the run before would come in between.
    await this.#running.left(id);
    const length = await this.#lengthForRetry(record);
    this.#kept.remove(id);
    if (record.resultId !== 0) await this.#deps.store.dropResult(record.resultId);
    this.#running.unstored.remove(id);
    const uploadUrl = isUploaded ? '' : this.#deps.uploadUrl(id);
    const active = this.#running.add(retriedRecord(record, { receivedBytes: length, options, uploadUrl }));
    await this.#running.apply(active, { kind: 'retried', isUploaded });
    if (length > 0 || isUploaded) this.#running.startAnalysis(active);
    return active.record.job;
  }

  /** @throws {@link TallyError} UPLOAD_GONE */
  async #lengthForRetry(record: ReadonlyRecord): Promise<number> {
    const { id, source, receivedBytes, uploadFinishTime } = record.job;
    // Its size may be another by now: it is read as it is.
    if (isFileSource(source)) return Number(receivedBytes);
    const found = await this.#deps.spool.length(id);
    const loss = uploadFinishTime ? findLossOfWhole(record.job, found) : findLoss(record, found);
    if (loss) throw loss;
    if (uploadFinishTime) await this.#deps.spool.complete(id, found ?? 0);
    return found ?? 0;
  }

  /** Removes everything of a job, stopping it first. */
  delete(id: string): Promise<void> {
    return this.#oneByOne(id, () => this.#delete(id));
  }

  async #delete(id: string): Promise<void> {
    const active = this.#running.get(id);
    const record = await this.find(id);
    this.#running.remove(id);
    this.#running.unstored.remove(id);
    active?.abort(new TallyError('CANCELED', 'The job was deleted.'));
    await active?.idle();
    await this.#running.left(id);
    this.#kept.remove(id);
    await this.#deps.spool.remove(id);
    try {
      await this.#deps.store.delete(id);
    } catch (error) {
      // It is stopped for good, and stays in sight until it can be deleted.
      if (record) this.#running.stopped(record);
      throw error;
    }
    if (record) this.#deps.hub.publishDeleted(record);
  }

  /** Removes an upload that nobody needs any more, or that belongs to no job. @returns whether it did */
  removeUnneededUpload(id: string): Promise<boolean> {
    return this.#oneByOne(id, async () => {
      const record = await this.find(id);
      // The next process may have to come to the same end again.
      if (this.#running.unstored.get(id)) return false;
      if (record && isUploadNeeded(record)) return false;
      await this.#deps.spool.remove(id);
      return true;
    });
  }

  /**
   * Makes room on the disk: the files of ended jobs go that were not used for longest.
   *
   * @param bytes that are needed, about
   */
  async makeRoom(bytes: number): Promise<void> {
    await this.#dropFiles(this.#kept.toFree(bytes, await this.#contentsInUse()));
    await this.#deps.spool.freed();
  }

  /** Counts the file of a job that has ended among those that are kept, and lets others go if they are too many. */
  async #keepFile(record: ReadonlyRecord): Promise<void> {
    const file = await this.#deps.spool.file(record.job.id).catch(() => undefined);
    // Or the job has begun again meanwhile.
    if (!file || this.#running.get(record.job.id)) return;
    this.#kept.add(record, file);
    await this.#dropFiles(this.#kept.beyondBudget());
  }

  /** What the files of running jobs hold. */
  async #contentsInUse(): Promise<Set<string>> {
    const files = await Promise.all(this.#running.ids().map((id) => this.#deps.spool.file(id)));
    return new Set(files.flatMap((file) => (file ? [file.contents] : [])));
  }

  async #dropFiles(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.#oneByOne(id, () => this.#dropFile(id)).catch((err) => {
        this.#deps.log.warn({ err, jobId: id }, 'a kept file could not be removed');
      });
    }
  }

  async #dropFile(id: string): Promise<void> {
    if (this.#running.get(id) || this.#running.unstored.get(id)) return;
    const record = await this.#deps.store.get(id);
    await this.#deps.spool.remove(id);
    this.#kept.remove(id);
    if (!record) return;
    dropFileOf(record);
    this.#deps.hub.publish(record);
    // A disk that is full has no room for the news either: it is stored later.
    await this.#running.unstored.put(record);
  }

  /** Jobs whose last change could not be stored so far: the disk is full, or broken. */
  get unstoredCount(): number {
    return this.#running.unstored.size;
  }

  /** How many jobs have not ended, by state. */
  countByState(): Record<string, number> {
    return this.#running.countByState();
  }

  /** Stops all work and leaves the jobs as they are, with what was done in checkpoints, to be recovered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running.close(stopping());
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

  async #uploading(id: string): Promise<ActiveJob> {
    const active = this.#running.get(id);
    if (active?.record.job.state === JobState.UPLOADING) return active;
    const { job, isResumable } = await this.get(id);
    // The sender of an upload in one request gets the error of the job, however far the sending was.
    if (!isResumable && job.error && isErrorCode(job.error.code))
      throw new TallyError(job.error.code, job.error.message);
    const why = job.error ? `: ${job.error.message}` : '.';
    throw new TallyError('JOB_HAS_ENDED', `Job "${id}" accepts no upload, its state is ${stateName(job.state)}${why}`);
  }
}
