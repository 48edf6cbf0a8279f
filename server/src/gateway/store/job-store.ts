import type { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Reject, RejectReason, Total } from '#gen/tallystream/v1/processor_pb.ts';
import type { JobRecord, ReadonlyRecord } from '../job-record.ts';
import type { Reader } from './sqlite-calls.ts';

/** From where an analysis can be taken up again. */
export interface Checkpoint {
  jobId: string;
  /** The result that the analysis writes, with the rejected rows so far. */
  resultId: number;
  /** How many bytes of the file it covers; of what a compressed one decompresses to. */
  bytes: number;
  /** How many bytes of the upload that is at least. */
  uploadBytes: number;
  /** Where the last rejected row that it covers begins; -1 if there is none. */
  lastRejectOffset: number;
  /** The processor's state, in parts. */
  state: Uint8Array[];
}

/** The columns that totals can be sorted by. */
export const TOTALS_COLUMNS = ['department', 'sum', 'count', 'min', 'max', 'mean'] as const;
/** The sums of the amounts behind the first, where there are several. */
export const MORE_SUMS = ['sum_2', 'sum_3', 'sum_4', 'sum_5', 'sum_6', 'sum_7', 'sum_8'] as const;
export type TotalsColumn = (typeof TOTALS_COLUMNS)[number] | (typeof MORE_SUMS)[number];

/** Values of one of the columns that are grouped by. */
export interface KeyValues {
  index: number;
  values: readonly string[];
}

export interface TotalsQuery {
  orderBy: TotalsColumn;
  descending: boolean;
  /** Only departments that contain this, whatever the case; empty for all. */
  search: string;
  /** Only groups that have one of some values for a column; none means all. */
  keys: readonly KeyValues[];
  pageSize: number;
  /** From the page before; empty for the first. */
  pageToken: string;
}

export interface RejectsQuery {
  /** Only rows that were rejected for one of these; none means all. */
  reasons: readonly RejectReason[];
  pageSize: number;
  /** From the page before, of the same reasons; empty for the first. */
  pageToken: string;
}

/** A page of jobs, newest first. */
export interface JobsQuery {
  pageSize: number;
  pageToken: string;
  /** None means all. */
  states: JobState[];
  /** Only jobs of this owner; undefined for everybody's. */
  owner: string | undefined;
}

export interface TotalsPage {
  totals: Total[];
  nextPageToken: string;
  totalSize: number;
}

export interface RejectsPage {
  rejects: Reject[];
  nextPageToken: string;
  totalSize: number;
}

/**
 * Keeps jobs and results. A result is written bit by bit while nobody sees it, and counts from the moment that
 * `put` names it in its job: totals and state change at once or not at all.
 *
 * Every method may throw DISK_FULL or INTERNAL; those that take a page token PAGE_TOKEN_INVALID; those for a reader
 * TOO_MANY_REQUESTS. Readers wait for each other, and nothing else waits for them.
 */
export interface JobStore {
  /** All jobs that have not ended, oldest first. */
  unfinished(): Promise<JobRecord[]>;
  get(id: string): Promise<JobRecord | undefined>;
  /** Those of some jobs that are there, in no order. */
  some(ids: readonly string[], reader: Reader): Promise<JobRecord[]>;
  list(query: JobsQuery, reader: Reader): Promise<{ records: JobRecord[]; nextPageToken: string }>;
  /**
   * Writes a job, durably when it returns; if it names a result, other results of the job are removed. A job that has
   * ended loses its checkpoint.
   */
  put(record: ReadonlyRecord): Promise<void>;
  /** Removes a job with all its results. */
  delete(id: string): Promise<void>;
  /** Begins a result; nothing of it counts yet. */
  beginResult(jobId: string): Promise<number>;
  /** @param batch a TotalsBatch of processor.proto, as it came: its memory is not used after the call */
  addTotals(resultId: number, batch: Uint8Array): Promise<void>;
  addRejects(resultId: number, rejects: Reject[]): Promise<void>;
  /** How many rejected rows of a result are stored. */
  countRejects(resultId: number): Promise<number>;
  /**
   * Keeps a checkpoint, durably when it returns, in place of the job's earlier one; if its result was dropped, does
   * nothing.
   */
  putCheckpoint(checkpoint: Checkpoint): Promise<void>;
  checkpoint(jobId: string): Promise<Checkpoint | undefined>;
  /** Removes a job's checkpoint, with its result, if it covers more bytes of the upload than these. */
  dropCheckpointBeyond(jobId: string, uploadBytes: number): Promise<void>;
  /** Removes from a result the rows after a checkpoint: totals, and rejected rows beyond `lastRejectOffset`. */
  rewindResult(resultId: number, lastRejectOffset: number): Promise<void>;
  /** Removes a result that will not be needed, with the checkpoint that goes on with it. */
  dropResult(resultId: number): Promise<void>;
  listTotals(resultId: number, query: TotalsQuery, reader: Reader): Promise<TotalsPage>;
  /** Rejected rows in file order. */
  listRejects(resultId: number, query: RejectsQuery, reader: Reader): Promise<RejectsPage>;
  close(): Promise<void>;
}
