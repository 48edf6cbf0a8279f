import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampMs, timestampNow } from '@bufbuild/protobuf/wkt';
import { type Job, JobErrorSchema, JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { type CsvOptions, CsvOptionsSchema, type Progress, type Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { isNoRowCounts } from '../../../kernel/analysis/no-row-counts.ts';
import type { TallyError } from '../errors.ts';
import { JobClock } from './job-clock.ts';
import { type JobEvent, transition } from './job-state.ts';

/** The stored record of a job. */
export interface JobRecord {
  job: Job;
  /** Whether the sender said that the upload is gzip. If not, the first bytes of the upload tell how it is compressed. */
  isGzip: boolean;
  /** Whether the upload comes by tus and can be resumed. */
  isResumable: boolean;
  /** Bytes of an upload by tus that the server has acknowledged to the sender as stored. */
  acknowledgedBytes: number;
  /** The owner of the job: see `access/api-keys.ts`; empty for one that was made without a key. */
  owner: string;
  /** The id of the final result, from `JobStore.beginResult`; 0 for none. */
  resultId: number;
  /** The id of the result that the running analysis writes. The store does not hold this field. */
  partialResultId?: number;
}

/** A record that only its {@link RecordWriter} may change. */
export type ReadonlyRecord = Readonly<Omit<JobRecord, 'job'>> & { readonly job: Readonly<Job> };

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

/** The record of a new job. @param uploadUrl where the upload can be resumed; empty for an upload in one request */
export function newRecord(id: string, uploadUrl: string, { filename, sizeBytes, options, ...kind }: NewJob): JobRecord {
  const job = create(JobSchema, {
    id,
    filename,
    state: JobState.UPLOADING,
    ...(sizeBytes !== undefined && { sizeBytes: BigInt(sizeBytes) }),
    total: '0',
    createTime: timestampNow(),
    options: options ?? create(CsvOptionsSchema),
    uploadUrl,
  });
  return { job, ...kind, acknowledgedBytes: 0, resultId: 0 };
}

/** What a job without an upload is about. */
export interface NewQuestion {
  filename: string;
  /** See `Job.source`. */
  source: string;
  /** Bytes of the file, or of all files. */
  sizeBytes: number;
  options: CsvOptions | undefined;
  isGzip: boolean;
  owner: string;
}

/** The record of a new job whose file is there. */
export function questionRecord(id: string, question: NewQuestion): JobRecord {
  const { filename, source, sizeBytes, options, isGzip, owner } = question;
  const now = timestampNow();
  const job = create(JobSchema, {
    id,
    filename,
    source,
    state: JobState.QUEUED,
    sizeBytes: BigInt(sizeBytes),
    receivedBytes: BigInt(sizeBytes),
    total: '0',
    createTime: now,
    uploadFinishTime: now,
    options: options ?? create(CsvOptionsSchema),
    fileKept: true,
  });
  return { job, isGzip, isResumable: false, owner, acknowledgedBytes: 0, resultId: 0 };
}

/**
 * Makes the record with which an ended job begins again, without the figures of its analysis. The state stays as it is
 * until the event `retried`.
 *
 * @param options undefined keeps the earlier ones
 * @param uploadUrl as for {@link newRecord}
 */
export function retriedRecord(
  record: ReadonlyRecord,
  { receivedBytes, options, uploadUrl }: { receivedBytes: number; options: CsvOptions | undefined; uploadUrl: string },
): JobRecord {
  const { id, filename, state, sizeBytes, createTime, uploadFinishTime, source, fileKept } = record.job;
  const job = create(JobSchema, {
    id,
    filename,
    state,
    sizeBytes,
    receivedBytes: BigInt(receivedBytes),
    total: '0',
    createTime,
    uploadFinishTime,
    source,
    fileKept,
    options: options ?? record.job.options,
    uploadUrl,
  });
  return { ...record, job, resultId: 0 };
}

/**
 * The only writer of a job's record: nothing else sets the record's fields, from the upload to the end of the job. Callers
 * decide whether a change is published and stored.
 */
export class RecordWriter {
  readonly #record: JobRecord;
  readonly #clock: JobClock;

  constructor(record: JobRecord) {
    this.#record = record;
    this.#clock = new JobClock(record.job);
  }

  /** The record with all changes so far, always the same object. */
  get record(): ReadonlyRecord {
    return this.#record;
  }

  /** Applies an event. @returns false if the state machine has no such transition: nothing has changed */
  apply(event: JobEvent): boolean {
    const { job } = this.#record;
    const state = transition(job.state, event);
    if (state === undefined) return false;
    job.state = state;
    return true;
  }

  /** Sets how many bytes of the upload are there. @returns how many were added; 0 if it became shorter */
  setReceivedBytes(bytes: number): number {
    const { job } = this.#record;
    const added = Math.max(0, bytes - Number(job.receivedBytes));
    job.receivedBytes = BigInt(bytes);
    return added;
  }

  /** Sets how many bytes a source has: it may have changed since the job was made. */
  setSourceBytes(bytes: bigint): void {
    const { job } = this.#record;
    job.sizeBytes = bytes;
    job.receivedBytes = bytes;
  }

  /** Sets how many bytes the upload will have. */
  declareSize(bytes: number): void {
    this.#record.job.sizeBytes = BigInt(bytes);
  }

  /** Notes how many bytes were acknowledged to the sender. @returns false if it was no more than before */
  acknowledge(bytes: number): boolean {
    if (bytes <= this.#record.acknowledgedBytes) return false;
    this.#record.acknowledgedBytes = bytes;
    return true;
  }

  /** Notes that the upload is complete. */
  finishUpload(): void {
    const { job } = this.#record;
    job.sizeBytes = job.receivedBytes;
    job.uploadFinishTime = this.#clock.now();
    job.uploadUrl = '';
    job.fileKept = true;
  }

  /** Notes that the file is no longer there, or soon will not be. */
  dropFile(): void {
    this.#record.job.fileKept = false;
  }

  /** Reopens a complete upload that has lost bytes. @param uploadUrl where the sender resumes it */
  reopenUpload(uploadUrl: string): void {
    const { job } = this.#record;
    job.uploadFinishTime = undefined;
    job.uploadUrl = uploadUrl;
    job.fileKept = false;
    this.apply({ kind: 'reopened' });
  }

  /** Notes that an attempt begins. @param processedBytes bytes of the upload that its checkpoint covers, or 0 */
  beginAttempt(partialResultId: number, processedBytes: number): void {
    this.#record.partialResultId = partialResultId;
    this.#record.job.processedBytes = BigInt(processedBytes);
  }

  /** Notes that a kernel thread has the job; the first time counts. */
  noteThread(): void {
    this.#record.job.startTime ??= this.#clock.now();
  }

  /** Sets the figures of a running analysis. @param processedBytes of the upload, not of the decompressed text */
  progress(counters: Progress, processedBytes: number, bytesPerSecond: number): void {
    const { job } = this.#record;
    job.processedBytes = BigInt(processedBytes);
    job.bytesPerSecond = bytesPerSecond;
    job.course = counters.course ?? job.course;
    this.#setCounters(counters);
  }

  /** Sets the figures of a finished analysis. @param rejectsStored how many rejected rows are in the store */
  summarise(summary: Summary, rejectsStored: number): void {
    const { job } = this.#record;
    job.processedBytes = job.receivedBytes;
    this.#setCounters(summary);
    job.blankLines = summary.blankLines;
    job.rejectsStored = BigInt(rejectsStored);
    const now = this.#clock.now();
    job.bytesPerSecond = Number(job.processedBytes) / Math.max(0.001, secondsBetween(job.startTime ?? now, now));
  }

  /** Takes the partial result's id out of the record; the store is unchanged. @returns the id, if there was one */
  takePartialResultId(): number | undefined {
    const { partialResultId } = this.#record;
    this.#record.partialResultId = undefined;
    return partialResultId;
  }

  /** Makes the partial result, incomplete as it is, the final one. */
  keepPartialResult(): void {
    this.#record.resultId = this.takePartialResultId() ?? this.#record.resultId;
  }

  /** Sets the final result. Readers see it once the job has succeeded and is stored. */
  setResult(resultId: number): void {
    this.#record.resultId = resultId;
  }

  /** Ends the job. @param error why it failed; undefined for any other end @returns as {@link apply} */
  end(event: JobEvent, error?: TallyError): boolean {
    if (!this.apply(event)) return false;
    const { job } = this.#record;
    if (error) job.error = create(JobErrorSchema, { code: error.code, message: error.message });
    job.finishTime = this.#clock.now();
    job.course = undefined;
    job.uploadUrl = '';
    return true;
  }

  /** Sets the counters that progress and summary share. */
  #setCounters(counters: Progress | Summary): void {
    const { job } = this.#record;
    job.rowsProcessed = counters.rows;
    job.rowsRejected = counters.rowsRejected;
    job.rowsFiltered = counters.rowsFiltered;
    job.rejectedByReason = counters.rejectedByReason;
    job.departments = counters.departments;
    job.total = counters.total;
    job.totals = counters.totals;
    job.top = counters.top;
    job.dialect = counters.dialect ?? job.dialect;
    // NO_ROW_COUNTS becomes the error of the job, so it is no doubt as well.
    job.doubts = counters.doubts.filter((doubt) => !isNoRowCounts(doubt));
  }
}

/** Notes of a job that is not active that its file is no longer there. */
export function dropFileOf(record: JobRecord): void {
  new RecordWriter(record).dropFile();
}

/** Cancels a job that is not active; one that has ended stays as it is. */
export function cancelRecord(record: JobRecord): void {
  new RecordWriter(record).end({ kind: 'canceled' });
}

function secondsBetween(from: Timestamp, to: Timestamp): number {
  return (timestampMs(to) - timestampMs(from)) / 1000;
}
