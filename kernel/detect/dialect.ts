import type { Doubt } from '../doubt.ts';
import {
  type AmountColumn,
  type GroupColumn,
  KernelError,
  MAX_COLUMNS,
  MAX_RECORD_BYTES,
  type ReadPlan,
  type RowFilter,
} from '../kernel.ts';
import { type CheckedOptions, refuseConflicts } from '../options.ts';
import { readAmountText } from './amount-text.ts';
import { type ColumnFacts, factsOf } from './column-facts.ts';
import { isFromCommaCountry } from './column-names.ts';
import { type ColumnChoice, chooseColumns, findAmounts, findGroups } from './columns.ts';
import { findFilters } from './filters.ts';
import { detectRecordFormat, type RecordFormat } from './format.ts';
import { detectNumberFormat, type NumberFormat, usualCurrency } from './numbers.ts';
import { currencyColumnDoubt, splitAmountDoubt, totalCellDoubt } from './row-doubts.ts';
import {
  amountDoubts,
  cutRecordDoubt,
  delimiterDoubt,
  departmentDoubt,
  headerDoubt,
  namesDoubt,
  numberDoubts,
  quoteDoubt,
  skippedDoubt,
} from './sample-doubts.ts';
import { offsetOfLine, type Sample, type SampleRecord } from './sample-records.ts';
import { readSeparatorLine } from './separator-line.ts';
import { detectTable, type Table } from './table.ts';

/** How a file is written, with nothing left to detect. Absent characters are empty texts. */
export interface Dialect {
  delimiter: string;
  quote: string;
  hasHeader: boolean;
  encoding: string;
  decimalSeparator: string;
  groupSeparator: string;
  /** In file order; names are empty if there is no header. */
  columns: { index: number; name: string }[];
  departmentIndex: number;
  /** The columns to group by; empty for the department alone, as it stands. */
  groupBy: { index: number; period: string }[];
  amountIndex: number;
  /** The amounts to add up; empty for the amount column alone, as it stands. */
  amounts: { index: number; factor?: number | undefined }[];
  /** Lines at the beginning that are left out. */
  skipLines: number;
  /** Empty if amounts have none. */
  currency: string;
}

/** The findings in the first bytes of a file. */
export interface Detection {
  dialect: Dialect;
  plan: ReadPlan;
  /** Bytes of the sample that are left out with the lines above the header. */
  skippedBytes: number;
  /** The data rows of the sample; their offsets are those in the whole sample. */
  rows: SampleRecord[];
  /** The decisions that are not certain. */
  doubts: Doubt[];
  /** Whether nothing but the delimiter spoke for the decimal separator. */
  isDecimalAssumed: boolean;
  /** Whether nobody gave the decimal separator. */
  isDecimalDetected: boolean;
}

/** That a sample has no whole record: more text is needed, or there is none. */
export interface NoRecord {
  kind: 'all-blank' | 'first-record-cut';
  /** The part that is left out at the beginning. */
  skipped: { lines: number; bytes: number };
}

/** Rows whose values are looked at, and columns. */
const EVIDENCE_ROWS = 500;
const EVIDENCE_COLUMNS = 200;

/**
 * Finds out how a file is written from its first bytes. Given options are taken as they are; everything else is decided
 * by all the evidence of the sample, and a decision that remains uncertain is a doubt.
 *
 * @param encoding only for the result: the sample is UTF-8 already
 * @param acceptCut whether a first record that the sample cuts is better than none
 * @throws KernelError `TOO_FEW_COLUMNS`, `TOO_MANY_COLUMNS`, `COLUMN_NOT_FOUND`, `COLUMN_AMBIGUOUS`, `OPTION_INVALID`
 */
export function detectDialect(
  whole: Sample,
  options: CheckedOptions,
  encoding: string,
  acceptCut: boolean,
): Detection | NoRecord {
  const separatorLine = readSeparatorLine(whole.text);
  const given = Math.max(options.skipLines ?? 0, separatorLine ? 1 : 0);
  const start = offsetOfLine(whole.text, given);
  if (start === undefined) {
    const skipped = { lines: given, bytes: whole.text.length };
    return { kind: whole.isComplete ? 'all-blank' : 'first-record-cut', skipped };
  }
  const sample = { ...whole, text: whole.text.subarray(start) };
  const format = detectRecordFormat(sample, {
    delimiter: options.delimiter ?? separatorLine?.delimiter,
    quote: options.quote,
    trim: options.trim,
  });
  const records = usableRecords(format, acceptCut);
  if (records.length === 0) {
    return { kind: format.cut ? 'first-record-cut' : 'all-blank', skipped: { lines: given, bytes: start } };
  }

  const { hasHeader, departmentColumn = options.groupBy[0], amountColumn = options.amounts[0] } = options;
  const maySkip = options.skipLines === undefined;
  const table = detectTable(records, format.width, { hasHeader, departmentColumn, amountColumn, maySkip });
  const { names, isAdjusted } = columnNames(table, format.width);
  if (names.length > MAX_COLUMNS) throw tooManyColumns(format.delimiter);
  const facts = columnFacts(table.rows, names.length);
  const groups = options.groupBy.length > 0 && names.length > 1 ? findGroups(names, options.groupBy) : [];
  const amounts = options.amounts.length > 0 && names.length > 1 ? findAmounts(names, options.amounts) : [];
  const choice = chooseColumns(names, facts, { ...options, groups, amounts });
  const filters = findFilters(options.where, { names, facts, trim: options.trim, delimiter: format.delimiter });
  const operands = amounts.flatMap(({ index, factor = index }) => [index, factor]);
  const judged = {
    amounts: operands.length > 0 ? operands : [choice.amountIndex],
    filters: filters.filter(({ kind }) => kind === 'numbers').map(({ index }) => index),
  };
  const numbers = numbersOf(table.rows, names, judged, format, options);
  const characters = {
    delimiter: format.delimiter,
    quote: format.quote,
    decimalSeparator: numbers.decimalSeparator,
    groupSeparator: withoutConflict(numbers.groupSeparator, format.quote, options),
  };
  refuseConflicts(characters);
  const first = table.header ?? table.rows[0] ?? records[0]!;
  const above = table.above.length > 0 ? first.line - 1 : 0;
  const skippedBytes = start + (above > 0 ? first.offset : 0);
  const doubts = [
    skippedDoubt(above, given),
    cutRecordDoubt(first === format.cut),
    delimiterDoubt(format, options),
    quoteDoubt(first),
    headerDoubt(table),
    namesDoubt(isAdjusted),
    choice.isWithoutNumbers ? undefined : departmentDoubt(names, choice),
    ...amountDoubts(names, facts, choice),
    ...numberDoubts(numbers),
    splitAmountDoubt(table.rows, names, choice, format, options),
    currencyColumnDoubt(table.rows, choice),
    totalCellDoubt(table.rows, choice),
  ].filter((doubt) => doubt !== undefined);
  return {
    dialect: {
      delimiter: toText(characters.delimiter),
      quote: toText(characters.quote),
      hasHeader: table.header !== undefined,
      encoding,
      decimalSeparator: toText(characters.decimalSeparator),
      groupSeparator: toText(characters.groupSeparator),
      columns: names.map((name, index) => ({ index, name })),
      departmentIndex: choice.departmentIndex,
      groupBy: isPlain(groups) ? [] : groups.map(({ index, period = '' }) => ({ index, period })),
      amountIndex: choice.amountIndex,
      amounts: isOneColumn(amounts) ? [] : amounts,
      skipLines: given + above,
      currency: numbers.currency,
    },
    plan: {
      ...characters,
      isAnyGroup: numbers.isAnyGroup,
      currency: numbers.currency,
      hasHeader: table.header !== undefined,
      columnCount: names.length,
      departmentIndex: choice.departmentIndex,
      ...questionOf({ groups, filters, amounts }, choice),
      amountIndex: choice.amountIndex,
      allowNegative: options.allowNegative,
      trim: options.trim,
      maxRecordBytes: MAX_RECORD_BYTES,
      maxDepartments: options.maxDepartments,
      maxRejects: options.maxRejects,
    },
    skippedBytes,
    rows: table.rows.map((row) => ({ ...row, offset: row.offset + start, end: row.end + start })),
    doubts,
    isDecimalAssumed: numbers.evidence?.proofs === 0 && numbers.evidence.ambiguous === 0,
    isDecimalDetected: numbers.evidence !== undefined,
  };
}

/** What is asked besides the plain question, found in a file. */
interface Question {
  groups: readonly GroupColumn[];
  filters: readonly RowFilter[];
  amounts: readonly AmountColumn[];
}

/** The part of the plan that is not for the plain question. */
function questionOf({ groups, filters, amounts }: Question, { departmentIndex }: ColumnChoice): Partial<ReadPlan> {
  if (isPlain(groups) && filters.length === 0 && isOneColumn(amounts)) return {};
  return {
    groups: isPlain(groups) ? [{ index: departmentIndex }] : groups,
    ...(filters.length > 0 && { where: filters }),
    ...(!isOneColumn(amounts) && { amounts }),
  };
}

/** Whether these amounts are the amount column alone, as it stands. */
function isOneColumn(amounts: readonly AmountColumn[]): boolean {
  return amounts.length === 0 || (amounts.length === 1 && amounts[0]!.factor === undefined);
}

/** Whether these columns to group by are the department alone, as it stands. */
function isPlain(groups: readonly GroupColumn[]): boolean {
  return groups.length === 0 || (groups.length === 1 && groups[0]!.period === undefined);
}

function tooManyColumns(delimiter: number): KernelError {
  return new KernelError(
    'TOO_MANY_COLUMNS',
    `the file has more than ${MAX_COLUMNS} columns, separated by ${JSON.stringify(toText(delimiter))}; check the delimiter, or remove columns that you do not need`,
  );
}

function usableRecords({ records, cut }: RecordFormat, acceptCut: boolean): SampleRecord[] {
  return records.length === 0 && cut && acceptCut ? [cut] : records;
}

/** The names of the columns, brought to the width of the rows where it is clear how. Empty without a header. */
function columnNames({ header, rows }: Table, width: number): { names: string[]; isAdjusted: boolean } {
  if (!header) return { names: Array.from({ length: rows.length > 0 ? width : 1 }, () => ''), isAdjusted: false };
  const names = header.fields;
  const asWide = rows.filter(({ fields }) => fields.length === width);
  if (names.length === width || asWide.length * 2 <= rows.length) return { names, isAdjusted: false };
  if (names.length > width) {
    const isPadded = names.slice(width).every((name) => name === '');
    return isPadded ? { names: names.slice(0, width), isAdjusted: true } : { names, isAdjusted: false };
  }
  const isEmpty = asWide.every(({ fields }) => fields.slice(names.length).every((field) => field === ''));
  if (isEmpty)
    return { names: [...names, ...Array.from({ length: width - names.length }, () => '')], isAdjusted: true };
  // The names of rows have no name of their own, as statistics programs write it.
  const isShifted = names.length === width - 1 && suitsBetter(['', ...names], names, asWide);
  return isShifted ? { names: ['', ...names], isAdjusted: true } : { names, isAdjusted: false };
}

/** Whether numbers and text lie below names that are usual for them only if the names begin one column further on. */
function suitsBetter(shifted: readonly string[], names: readonly string[], rows: readonly SampleRecord[]): boolean {
  const facts = columnFacts(rows, shifted.length);
  const suits = (candidates: readonly string[]) => {
    const { departmentIndex, amountIndex } = chooseColumns(candidates, facts, {
      departmentColumn: undefined,
      amountColumn: undefined,
    });
    return facts[departmentIndex]!.amounts < 0.5 && facts[amountIndex]!.amounts >= 0.5;
  };
  return suits(shifted) && !suits(names);
}

function columnFacts(rows: readonly SampleRecord[], width: number): ColumnFacts[] {
  const whole = rows.filter(({ fields }) => fields.length === width).slice(0, EVIDENCE_ROWS);
  return Array.from({ length: Math.min(width, EVIDENCE_COLUMNS) }, (_, column) =>
    factsOf(whole.map(({ fields }) => fields[column]!)),
  );
}

/** The columns whose numbers are read. */
interface NumberColumns {
  amounts: readonly number[];
  /** Filtered by their numbers. */
  filters: readonly number[];
}

/**
 * How numbers are written, judged by the amounts and, less, by other columns. Where amounts have neither points nor commas,
 * those of filters count as much: they are read the same way.
 */
function numbersOf(
  rows: readonly SampleRecord[],
  names: readonly string[],
  { amounts, filters }: NumberColumns,
  { delimiter, quote }: RecordFormat,
  { decimalSeparator, groupSeparator }: CheckedOptions,
): NumberFormat {
  const whole = rows.filter(({ fields }) => fields.length === names.length);
  const amountsIn = (fields: readonly string[]) => fields.map(readAmountText).filter((amount) => amount !== undefined);
  const valuesOf = (columns: readonly number[]) =>
    [...new Set(columns)].map((index) => amountsIn(whole.map(({ fields }) => fields[index]!)));
  const own = valuesOf(amounts);
  const filtered = valuesOf(filters.filter((index) => !amounts.includes(index)));
  const isTelling = own.flat().some(({ number }) => /[.,]/.test(number));
  const judged = isTelling ? amounts : [...amounts, ...filters];
  const found = detectNumberFormat(isTelling ? own : [...own, ...filtered], {
    decimalSeparator,
    groupSeparator,
    delimiter,
    quote,
    isCommaCountry: names.some(isFromCommaCountry),
    others: amountsIn(
      whole.slice(0, 100).flatMap(({ fields }) => fields.filter((_, column) => !judged.includes(column))),
    ),
  });
  return { ...found, currency: usualCurrency(own.flat()) || usualCurrency(filtered.flat()) };
}

/** A group separator that nobody asked for gives way to the quote. */
function withoutConflict(group: number, quote: number, { groupSeparator }: CheckedOptions): number {
  return groupSeparator === undefined && group === quote ? 0 : group;
}

function toText(code: number): string {
  return code === 0 ? '' : String.fromCharCode(code);
}
