import {
  AMOUNT_NOT_A_NUMBER,
  AMOUNT_OUT_OF_RANGE,
  COLUMN_COUNT,
  DATE_NOT_READABLE,
  EMPTY_AMOUNT,
  EMPTY_DEPARTMENT,
  INVALID_ENCODING,
  MALFORMED_QUOTE,
  MAX_RAW_BYTES,
  NEGATIVE_AMOUNT,
  RECORD_TOO_LONG,
  UNTERMINATED_QUOTE,
} from '#gen/kernel-constants.ts';
import type { KernelCourse } from './course.ts';
import type { KernelEvidence } from './evidence.ts';

/**
 * The most decimals of an amount: amounts are integers in units of 10 to the power of minus this; the longest sign or code
 * of a currency, in bytes; the most filters, and columns to group by; one more than the largest {@link RejectReason}, the length of a table by reason.
 */
export {
  AMOUNT_DECIMALS,
  MAX_AMOUNTS,
  MAX_CURRENCY_BYTES,
  MAX_FILTERS,
  MAX_GROUPS,
  PRODUCT_DECIMALS,
  REJECT_REASONS,
} from '#gen/kernel-constants.ts';

/**
 * The interface of every kernel: CSV bytes in, totals per department out. No I/O, no clock, no RPC; one instance a job.
 *
 * Amounts are fixed-point integers in millionths (`units`): `12.5` is `12_500_000n`.
 */
export interface Kernel {
  /**
   * Takes the next bytes of the file as UTF-8 text, cut anywhere. A byte order mark must have been removed.
   * The bytes are not used after the call, so the caller may reuse the buffer.
   *
   * @throws {@link KernelError} `TOO_MANY_DEPARTMENTS`, `OUT_OF_MEMORY`
   */
  push(chunk: Uint8Array): void;
  /** Says that the file has ended: a last record without a line end is taken up. No `push` may follow. */
  finish(): void;
  /** The counters and the leading departments, largest sum first, ties in code point order. */
  snapshot(topCount: number): KernelSnapshot;
  /** The rejected rows since the last call, in file order. */
  takeRejects(): KernelReject[];
  /**
   * The result sorted by department in code point order (the order of the UTF-8 bytes), in batches of at most `batchSize`
   * whose names have {@link MAX_BATCH_BYTES} together, but for a name that is longer alone.
   */
  totals(batchSize: number): Iterable<KernelTotal[]>;
}

/** A kernel whose state can be taken away and carried on by another instance, on another machine too. */
export interface ResumableKernel extends Kernel {
  /**
   * The whole state, of a size proportional to the departments. Rejects that were not taken yet are not part of it: take
   * them before. The kernel can go on afterwards.
   */
  checkpoint(): Uint8Array;
  /** The sums over time so far; undefined where rows are not grouped by a period, or there is too much of them. */
  course(): KernelCourse | undefined;
  /**
   * As {@link Kernel.totals}, each batch as the bytes of a `TotalsBatch` of processor.proto, in memory of its own.
   *
   * @param encode makes them of totals whose amounts do not fit into 64 bits
   */
  encodedTotals(batchSize: number, encode: EncodeTotals): Iterable<Uint8Array<ArrayBuffer>>;
  /** The findings about the names of the departments, for the doubts at the end. @param total of all of them */
  names(total: bigint): NamesReport;
}

/** Makes a `TotalsBatch` of totals. */
export type EncodeTotals = (totals: KernelTotal[]) => Uint8Array;

/** The findings about the names of all departments. */
export interface NamesReport {
  /** Departments with a name for the sum of all others, the first ones. */
  totals: KernelTotal[];
  /** Names that differ from an earlier one only in what `foldName` takes away: how many, and the first pair. */
  similar: { count: number; first: [string, string] | undefined };
  /** Names with line breaks: how many, and the first. */
  broken: { count: number; first: string };
}

/** How a kernel reads: a dialect with nothing left to detect. Characters are ASCII codes, 0 for none. */
export interface ReadPlan {
  delimiter: number;
  quote: number;
  /** Whether the first record that is not blank names the columns and is skipped. */
  hasHeader: boolean;
  /** How many fields every row must have. */
  columnCount: number;
  departmentIndex: number;
  /**
   * The columns to group by, 1 to {@link MAX_GROUPS}, the first of which is the department; undefined where that is the
   * only one, as it stands.
   */
  groups?: readonly GroupColumn[] | undefined;
  amountIndex: number;
  /**
   * The amounts to add up, 1 to {@link MAX_AMOUNTS}, the first of which is of the column above; undefined where that is the
   * only one, as it stands. There are {@link groups} then.
   */
  amounts?: readonly AmountColumn[] | undefined;
  /** Rows count that pass all of them; undefined for none. There are {@link groups} then. */
  where?: readonly RowFilter[] | undefined;
  decimalSeparator: number;
  /** A space stands for U+00A0, U+202F and U+2009 too, an apostrophe for U+2019. */
  groupSeparator: number;
  /** Whether blanks and apostrophes separate groups too. */
  isAnyGroup: boolean;
  /** The currency's sign or code before or behind amounts, at most `MAX_CURRENCY_BYTES` of UTF-8; empty for none. */
  currency: string;
  allowNegative: boolean;
  /** Whether white space (ASCII, U+00A0, U+FEFF, U+200B) around a field is removed, inside quotes too. */
  trim: boolean;
  /** Longer records are rejected, in bytes without the line end. */
  maxRecordBytes: number;
  maxDepartments: number;
  /** At most so many rejects are handed out one by one; all are counted. */
  maxRejects: number;
}

/** A column to group by. */
export interface GroupColumn {
  index: number;
  /** The period that a date is in; undefined for the value as it stands. */
  period?: Period | undefined;
  /** The order of the numbers in dates that do not begin with a year of four digits. */
  order?: DateOrder | undefined;
}

/** An amount to add up. */
export interface AmountColumn {
  index: number;
  /** The column that it is multiplied with. */
  factor?: number | undefined;
}

/** A condition on the value of a column. */
export interface RowFilter {
  index: number;
  /** Whether the value is compared as it stands, as an amount, or as a date. */
  kind: FilterKind;
  /** Of `values`: those that pass, or do not; an empty one is an empty value. */
  values: readonly string[];
  isNegated: boolean;
  /** Of a range: the first and the last that pass, as units of amounts or as 20261231; undefined for none. */
  from?: string | undefined;
  to?: string | undefined;
  /** As in {@link GroupColumn}. */
  order?: DateOrder | undefined;
}
export const FILTER_KINDS = ['values', 'numbers', 'dates'] as const;
export type FilterKind = (typeof FILTER_KINDS)[number];
/** All filters together have at most so many values, and so many bytes of values and names: they stand in every answer. */
export const MAX_FILTER_VALUES = 1000;
export const MAX_FILTER_BYTES = 16 * 1024;
/** The columns to group by and to add up have at most so many bytes together, for the same reason. */
export const MAX_QUESTION_BYTES = 16 * 1024;

/** The periods that dates are grouped by. Weeks are those of ISO 8601. */
export const PERIODS = ['year', 'quarter', 'month', 'week', 'day'] as const;
export type Period = (typeof PERIODS)[number];
export const DATE_ORDERS = ['year first', 'day first', 'month first'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** The longest record that is read, in bytes. */
export const MAX_RECORD_BYTES = 1024 * 1024;
/** The most columns that a file may have. More are no table that anybody made, and each takes memory in every answer. */
export const MAX_COLUMNS = 16_384;
/** How much of a rejected record is handed out, in bytes. */
export const MAX_REJECT_RAW_BYTES = MAX_RAW_BYTES;
/**
 * All names of departments together may take so many bytes. The number of departments is bounded, but each name can be
 * nearly as long as a record, and memory must stay bounded too.
 */
export const MAX_NAME_BYTES = 512 * 1024 * 1024;
/** The bytes that the names of one batch of totals have together: a name can be nearly as long as a record. */
export const MAX_BATCH_BYTES = 1024 * 1024;
/** Why a row does not count. The numbers are those of `tallystream.v1.RejectReason`. */
export const RejectReason = {
  COLUMN_COUNT,
  EMPTY_DEPARTMENT,
  EMPTY_AMOUNT,
  AMOUNT_NOT_A_NUMBER,
  NEGATIVE_AMOUNT,
  AMOUNT_OUT_OF_RANGE,
  INVALID_ENCODING,
  RECORD_TOO_LONG,
  MALFORMED_QUOTE,
  UNTERMINATED_QUOTE,
  DATE_NOT_READABLE,
} as const;
export type RejectReason = (typeof RejectReason)[keyof typeof RejectReason];

export interface KernelSnapshot {
  /** Rows that count. */
  rows: number;
  rowsRejected: number;
  /** Rejected rows, indexed by {@link RejectReason}. */
  rejectedByReason: number[];
  rejectsReported: number;
  /** Rows that a filter has left out. */
  rowsFiltered: number;
  blankLines: number;
  departments: number;
  /** The sum of all amounts. */
  total: bigint;
  /** The most digits after the point that any amount had, 0 to 6. */
  totalScale: number;
  /** The sums of all amounts where there are several, or products; the total is the first. */
  totals?: KernelSum[];
  evidence: KernelEvidence;
  top: KernelTotal[];
}

/** The sum of an amount over all departments. */
export interface KernelSum extends Pick<KernelFigures, 'sum' | 'scale' | 'unitDecimals'> {
  /** Whether any that counts is below zero. */
  hasNegative: boolean;
}

/** The figures of a department, in the units of its amounts. Without a row all of them are 0. */
export interface KernelFigures {
  sum: bigint;
  count: number;
  min: bigint;
  max: bigint;
  /** The most digits after the point that an amount of this department had: 0 to 6, of products to 12. */
  scale: number;
  /** Of products: a unit is 10 to the power of minus this. */
  unitDecimals?: number;
}

export interface KernelTotal extends KernelFigures {
  /** The value of the first column to group by. */
  department: string;
  /** The values of all columns to group by, if there are several. */
  keys?: string[];
  /** The figures of all amounts, if there are several; those above are of the first. */
  figures?: KernelFigures[];
}

export interface KernelReject {
  /** The line that the record begins on, from 1; LF, CRLF and CR end a line, inside quotes too. */
  line: number;
  /** Where the record begins, in bytes of the text that was pushed. */
  byteOffset: number;
  reason: RejectReason;
  /** The record without its line end, at most {@link MAX_REJECT_RAW_BYTES} of it, never cut inside a character. */
  raw: string;
  rawTruncated: boolean;
  /** How many lines the record spans. */
  lines: number;
  /** Which text the record is in, of several that are one data set; left out for the first. Line and offset count there. */
  text?: number;
}

/** The error of a kernel or of the reading of its options; the code is stable. */
export class KernelError extends Error {
  readonly code: KernelErrorCode;
  constructor(code: KernelErrorCode, message: string) {
    super(message);
    this.name = 'KernelError';
    this.code = code;
  }
}
export type KernelErrorCode =
  | 'TOO_MANY_DEPARTMENTS'
  | 'OUT_OF_MEMORY'
  | 'CHECKPOINT_INVALID'
  | 'COLUMN_NOT_FOUND'
  | 'COLUMN_AMBIGUOUS'
  | 'TOO_FEW_COLUMNS'
  | 'TOO_MANY_COLUMNS'
  | 'HEADER_TOO_LONG'
  | 'NO_ROW_COUNTS'
  | 'NOT_A_CSV'
  | 'SOURCE_CHANGED'
  | 'HEADER_DIFFERS'
  | 'ENCODING_UNKNOWN'
  | 'OPTION_INVALID';
