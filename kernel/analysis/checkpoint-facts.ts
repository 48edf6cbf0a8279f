import type { Dialect } from '../detect/dialect.ts';
import { SAMPLE_BYTES } from '../detect/sample-records.ts';
import type { Doubt, DoubtCode } from '../doubt.ts';
import { resolveEncoding } from '../encoding.ts';
import {
  type AmountColumn,
  DATE_ORDERS,
  FILTER_KINDS,
  type GroupColumn,
  MAX_AMOUNTS,
  MAX_COLUMNS,
  MAX_CURRENCY_BYTES,
  MAX_FILTER_BYTES,
  MAX_FILTER_VALUES,
  MAX_FILTERS,
  MAX_GROUPS,
  MAX_RECORD_BYTES,
  PERIODS,
  type ReadPlan,
  type RowFilter,
} from '../kernel.ts';
import { boolean, integer, list, object, oneOf, optional, type Reader, text } from './strict-json.ts';

/** The findings about the beginning of a file that what comes later is compared with. */
export interface SampleFindings {
  doubts: Doubt[];
  isDecimalAssumed: boolean;
  isDecimalDetected: boolean;
  /** The lines that were left out at the beginning, and their bytes; offsets count from the start of the text. */
  skipped: { lines: number; bytes: number };
}

/** The facts that a checkpoint of an analysis holds besides bytes. */
export interface CheckpointFacts extends SampleFindings {
  /** The options that say how the file is read, as JSON. */
  options: string;
  bytes: number;
  markBytes: number;
  headBytes: number;
  dialect: Dialect | undefined;
  /** How the kernel reads; undefined while the head of the file is still collected. */
  plan: ReadPlan | undefined;
  /** The transcoder's; empty as long as there is none. */
  encoding: string;
}

/** Lengths of the parts behind the facts, in bytes. */
export interface PartLengths {
  /** The head of the file, as long as there is no kernel. */
  head: number;
  /** The bytes that the transcoder holds back. */
  held: number;
  kernel: number;
}

const count = integer(0, Number.MAX_SAFE_INTEGER);
/** A character of a dialect. */
const character = text(2);
const ascii = integer(0, 127);
const columnIndex = integer(0, MAX_COLUMNS - 1);
/** Names of columns together are no longer than the record that they stand in. */
const name = text(MAX_RECORD_BYTES);

/** A whole number of up to 30 digits, as text. */
const wholeNumber: Reader<string> = (value) => {
  if (typeof value === 'string' && /^-?\d{1,30}$/.test(value)) return value;
  throw new TypeError('a text is no whole number');
};

const amountColumn: Reader<AmountColumn> = object<AmountColumn>({ index: columnIndex, factor: optional(columnIndex) });

const dialect: Reader<Dialect> = object<Dialect>({
  delimiter: character,
  quote: character,
  hasHeader: boolean,
  encoding: text(100),
  decimalSeparator: character,
  groupSeparator: character,
  columns: list(object({ index: columnIndex, name }), MAX_COLUMNS),
  departmentIndex: columnIndex,
  groupBy: list(object({ index: columnIndex, period: text(10) }), MAX_GROUPS),
  amountIndex: columnIndex,
  amounts: list(amountColumn, MAX_AMOUNTS),
  skipLines: integer(0, MAX_RECORD_BYTES),
  currency: text(MAX_CURRENCY_BYTES),
});

const groupColumn: Reader<GroupColumn> = object<GroupColumn>({
  index: columnIndex,
  period: optional(oneOf(PERIODS)),
  order: optional(oneOf(DATE_ORDERS)),
});

const rowFilter: Reader<RowFilter> = object<RowFilter>({
  index: columnIndex,
  kind: oneOf(FILTER_KINDS),
  values: list(text(MAX_FILTER_BYTES), MAX_FILTER_VALUES),
  isNegated: boolean,
  from: optional(wholeNumber),
  to: optional(wholeNumber),
  order: optional(oneOf(DATE_ORDERS)),
});

const plan: Reader<ReadPlan> = object<ReadPlan>({
  delimiter: ascii,
  quote: ascii,
  hasHeader: boolean,
  columnCount: integer(1, MAX_COLUMNS),
  departmentIndex: columnIndex,
  groups: optional(list(groupColumn, MAX_GROUPS)),
  amountIndex: columnIndex,
  amounts: optional(list(amountColumn, MAX_AMOUNTS)),
  where: optional(list(rowFilter, MAX_FILTERS)),
  decimalSeparator: ascii,
  groupSeparator: ascii,
  isAnyGroup: boolean,
  currency: text(MAX_CURRENCY_BYTES),
  allowNegative: boolean,
  trim: boolean,
  maxRecordBytes: count,
  maxDepartments: count,
  maxRejects: count,
});

const doubt: Reader<Doubt> = object<Doubt>({ code: text(100) as Reader<DoubtCode>, message: text(10_000) });

const facts: Reader<CheckpointFacts> = object<CheckpointFacts>({
  options: text(MAX_RECORD_BYTES),
  bytes: count,
  markBytes: integer(0, 4),
  headBytes: integer(SAMPLE_BYTES, MAX_RECORD_BYTES),
  dialect: optional(dialect),
  doubts: list(doubt, 100),
  isDecimalAssumed: boolean,
  isDecimalDetected: boolean,
  skipped: object({ lines: integer(0, MAX_RECORD_BYTES), bytes: integer(0, MAX_RECORD_BYTES) }),
  plan: optional(plan),
  encoding: text(100),
});

const head = object<{ facts: CheckpointFacts; lengths: PartLengths }>({
  facts,
  lengths: object<PartLengths>({ head: count, held: count, kernel: count }),
});

/**
 * Reads the facts of a checkpoint, which anybody may have written.
 *
 * @throws an Error if they are not as {@link CheckpointFacts} are, or contradict each other
 */
export function readFacts(json: string): { facts: CheckpointFacts; lengths: PartLengths } {
  const read = head(JSON.parse(json));
  const { plan, dialect, bytes, headBytes, encoding } = read.facts;
  const { lengths } = read;
  const isConsistent =
    // One of the two lengths of a head, and as long as it is collected nothing else is there.
    (headBytes === SAMPLE_BYTES || headBytes === MAX_RECORD_BYTES) &&
    (plan
      ? lengths.head === 0 && isPlanPossible(plan, dialect)
      : bytes === lengths.head && bytes < headBytes && lengths.held + lengths.kernel === 0 && !dialect) &&
    (encoding === '') === (plan === undefined);
  if (!isConsistent) throw new TypeError('the facts contradict each other');
  if (encoding !== '') resolveEncoding(encoding);
  return read;
}

/** Whether a plan tells characters and columns apart, and is that of the dialect. */
function isPlanPossible(plan: ReadPlan, dialect: Dialect | undefined): boolean {
  const { delimiter, quote, departmentIndex, amountIndex, columnCount, groups, amounts, where = [] } = plan;
  const operands = amounts?.flatMap(({ index, factor = index }) => [index, factor]) ?? [amountIndex];
  const values = where.flatMap((filter) => filter.values);
  const bytes = values.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  return (
    ![0, 10, 13, quote].includes(delimiter) &&
    ![10, 13].includes(quote) &&
    departmentIndex < columnCount &&
    amountIndex < columnCount &&
    departmentIndex !== amountIndex &&
    (groups ?? [{ index: departmentIndex }]).every(({ index }) => index < columnCount && !operands.includes(index)) &&
    (groups === undefined || groups[0]?.index === departmentIndex) &&
    (amounts === undefined || (groups !== undefined && amounts[0]?.index === amountIndex)) &&
    operands.every((index) => index < columnCount) &&
    (where.length === 0 || groups !== undefined) &&
    where.every(({ index }) => index < columnCount) &&
    values.length <= MAX_FILTER_VALUES &&
    bytes <= MAX_FILTER_BYTES &&
    (!dialect || (dialect.columns.length === columnCount && dialect.columns.every(({ index }, at) => index === at)))
  );
}
