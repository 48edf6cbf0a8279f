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
  /** Whether the upload came by tus and can be taken up again. */
  isResumable: boolean;
  /** How many bytes of an upload by tus its sender was told are safe. */
  acknowledgedBytes: number;
  /** The owner of the job: see `access/api-keys.ts`; empty for one that was made without a key. */
  owner: string;
  /** The result that counts, a number of `JobStore.beginResult`; 0 for none. */
  resultId: number;
  /** The result that is being written while the job runs; it is not kept. */
  partialResultId?: number;
}

/** A record for readers. */
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

/**
 * The record of a job that has ended and begins again, with nothing of its analysis; its state changes by the event
 * `retried`.
 *
 * @param options the earlier ones if undefined
 * @param uploadUrl as for {@link newRecord}
 */
export function retriedRecord(
  record: ReadonlyRecord,
  { receivedBytes, options, uploadUrl }: { receivedBytes: number; options: CsvOptions | undefined; uploadUrl: string },
): JobRecord {
  const { id, filename, state, sizeBytes, createTime, uploadFinishTime } = record.job;
  const job = create(JobSchema, {
    id,
    filename,
    state,
    sizeBytes,
    receivedBytes: BigInt(receivedBytes),
    total: '0',
    createTime,
    uploadFinishTime,
    options: options ?? record.job.options,
    uploadUrl,
  });
  return { ...record, job, resultId: 0 };
}

/**
 * The one writer of a job's record, from its upload through its analysis to its end: nothing else sets its fields. The
 * callers decide whether a change is published and stored.
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

  /** The upload has this length. @returns how much was added */
  received(bytes: number): number {
    const { job } = this.#record;
    const added = Math.max(0, bytes - Number(job.receivedBytes));
    job.receivedBytes = BigInt(bytes);
    return added;
  }

  /** The sender says how large the upload will be. */
  declareSize(bytes: number): void {
    this.#record.job.sizeBytes = BigInt(bytes);
  }

  /** The sender was told that so many bytes are safe. @returns whether that is more than before */
  acknowledge(bytes: number): boolean {
    if (bytes <= this.#record.acknowledgedBytes) return false;
    this.#record.acknowledgedBytes = bytes;
    return true;
  }

  /** The upload is whole. */
  finishUpload(): void {
    const { job } = this.#record;
    job.sizeBytes = job.receivedBytes;
    job.uploadFinishTime = this.#clock.now();
    job.uploadUrl = '';
  }

  /** Bytes of a whole upload are gone: it goes on at this address. */
  reopenUpload(uploadUrl: string): void {
    const { job } = this.#record;
    job.uploadFinishTime = undefined;
    job.uploadUrl = uploadUrl;
    this.apply({ kind: 'reopened' });
  }

  /** An analysis begins, from the start or from a checkpoint that covers so many bytes of the upload. */
  beginAnalysis(partialResultId: number, processedBytes: number): void {
    this.#record.partialResultId = partialResultId;
    this.#record.job.processedBytes = BigInt(processedBytes);
  }

  /** A kernel thread reads the file, for the first time or again. */
  startAnalysis(): void {
    this.#record.job.startTime ??= this.#clock.now();
  }

  /** The analysis has come so far. @param processedBytes of the upload, not of the decompressed text */
  progress(counters: Progress, processedBytes: number, bytesPerSecond: number): void {
    const { job } = this.#record;
    job.processedBytes = BigInt(processedBytes);
    job.bytesPerSecond = bytesPerSecond;
    this.#count(counters);
  }

  /** The analysis has ended. @param rejectsStored how many rejected rows are in the store */
  summarise(summary: Summary, rejectsStored: number): void {
    const { job } = this.#record;
    job.processedBytes = job.receivedBytes;
    this.#count(summary);
    job.blankLines = summary.blankLines;
    job.rejectsStored = BigInt(rejectsStored);
    const now = this.#clock.now();
    job.bytesPerSecond = Number(job.processedBytes) / Math.max(0.001, secondsBetween(job.startTime ?? now, now));
  }

  /** Lets go of the result so far. @returns its number, if there was one */
  dropPartialResult(): number | undefined {
    const { partialResultId } = this.#record;
    this.#record.partialResultId = undefined;
    return partialResultId;
  }

  /** The result that is being written is the one that counts, as far as it has come. */
  keepPartialResult(): void {
    this.#record.resultId = this.dropPartialResult() ?? this.#record.resultId;
  }

  /** This result counts once the job has succeeded and is stored. */
  setResult(resultId: number): void {
    this.#record.resultId = resultId;
  }

  /** The last event of the job. @param error of a job that has failed @returns as {@link apply} */
  end(event: JobEvent, error?: TallyError): boolean {
    if (!this.apply(event)) return false;
    const { job } = this.#record;
    if (error) job.error = create(JobErrorSchema, { code: error.code, message: error.message });
    job.finishTime = this.#clock.now();
    job.uploadUrl = '';
    return true;
  }

  /** Sets the counters that a snapshot and the summary both carry. */
  #count(counters: Progress | Summary): void {
    const { job } = this.#record;
    job.rowsProcessed = counters.rows;
    job.rowsRejected = counters.rowsRejected;
    job.rejectedByReason = counters.rejectedByReason;
    job.departments = counters.departments;
    job.total = counters.total;
    job.top = counters.top;
    job.dialect = counters.dialect ?? job.dialect;
    // A job that fails with it needs no doubt beside it.
    job.doubts = counters.doubts.filter((doubt) => !isNoRowCounts(doubt));
  }
}

/** Cancels a job that is not active; one that has ended stays as it is. */
export function cancelRecord(record: JobRecord): void {
  new RecordWriter(record).end({ kind: 'canceled' });
}

function secondsBetween(from: Timestamp, to: Timestamp): number {
  return (timestampMs(to) - timestampMs(from)) / 1000;
}
