import { CR, LF, SPACE, TAB } from './ascii.ts';
import { resolveEncoding } from './encoding.ts';
import {
  KernelError,
  MAX_AMOUNTS,
  MAX_FILTER_BYTES,
  MAX_FILTER_VALUES,
  MAX_FILTERS,
  MAX_GROUPS,
  MAX_QUESTION_BYTES,
  type ReadPlan,
} from './kernel.ts';

/**
 * How to read a CSV, as `tallystream.v1.CsvOptions` has it. In the texts, `''` and `auto` mean: detect it.
 */
export interface AnalysisOptions {
  /** One ASCII character, or `tab`. */
  delimiter: string;
  /** One ASCII character, or `none`. */
  quote: string;
  /** `true` or `false`. */
  header: string;
  /** An encoding's usual name. */
  encoding: string;
  /** A column's name, else its 0-based index. */
  departmentColumn: string;
  /** The columns to group by, at most `MAX_GROUPS`: each as `departmentColumn`, with `:month` and its like for dates. */
  groupBy: readonly string[];
  /** A column's name, else its 0-based index. */
  amountColumn: string;
  /** The amounts instead, at most `MAX_AMOUNTS`: each as `amountColumn`, or two of them with `*` between for their product. */
  amounts: readonly string[];
  /** Rows count that pass all of them. */
  where: readonly FilterOption[];
  /** `.` or `,`. */
  decimalSeparator: string;
  /** One ASCII character, U+00A0, U+202F, U+2019, or `none`. */
  groupSeparator: string;
  /** `count` or `reject`; empty means `count`. */
  negativeAmounts: string;
  trim: boolean;
  /** Lines to leave out at the beginning; undefined means those above the header. */
  skipLines: number | undefined;
  maxDepartments: number;
  maxRejects: number;
}

/**
 * A filter on the values of a column, which is named as `departmentColumn` is: those that pass, or do not, or the first and
 * the last number or period that do, empty for none.
 */
export type FilterOption = { column: string } & (
  | { values: readonly string[]; isNegated: boolean }
  | { from: string; to: string }
);

/** More lines than these are no lines above a header. */
export const MAX_SKIP_LINES = 1000;

/** Options that have been checked. Characters are ASCII codes, 0 for none; undefined means: detect it. */
export interface CheckedOptions extends Pick<ReadPlan, 'allowNegative' | 'trim' | 'maxDepartments' | 'maxRejects'> {
  delimiter: number | undefined;
  quote: number | undefined;
  hasHeader: boolean | undefined;
  decimalSeparator: number | undefined;
  groupSeparator: number | undefined;
  encoding: string | undefined;
  skipLines: number | undefined;
  departmentColumn: string | undefined;
  /** Empty for the department alone. */
  groupBy: readonly string[];
  amountColumn: string | undefined;
  /** Empty for the amount column alone. */
  amounts: readonly string[];
  where: readonly FilterOption[];
}

/**
 * Checks everything about options that can be checked without the file.
 *
 * @throws KernelError `OPTION_INVALID`, `ENCODING_UNKNOWN`
 */
export function checkOptions(options: AnalysisOptions): CheckedOptions {
  const checked: CheckedOptions = {
    delimiter: readDelimiter(options.delimiter),
    quote: readQuote(options.quote),
    hasHeader: readHeader(options.header),
    encoding: isAuto(options.encoding) ? undefined : resolveEncoding(options.encoding),
    departmentColumn: options.departmentColumn || undefined,
    groupBy: readGroupBy(options),
    amountColumn: options.amountColumn || undefined,
    amounts: readAmounts(options),
    where: readWhere(options.where),
    decimalSeparator: readDecimalSeparator(options.decimalSeparator),
    groupSeparator: readGroupSeparator(options.groupSeparator),
    allowNegative: readNegativeAmounts(options.negativeAmounts),
    trim: options.trim,
    skipLines: readSkipLines(options.skipLines),
    maxDepartments: readLimit('maxDepartments', options.maxDepartments, 1),
    maxRejects: readLimit('maxRejects', options.maxRejects, 0),
  };
  const bytes = bytesOf([...checked.groupBy, ...checked.amounts]);
  if (bytes > MAX_QUESTION_BYTES) {
    throw invalid('groupBy', bytes, `columns of at most ${MAX_QUESTION_BYTES} bytes together with those of amounts`);
  }
  refuseConflicts(checked);
  return checked;
}

function readGroupBy({ groupBy, departmentColumn }: AnalysisOptions): readonly string[] {
  if (groupBy.length > MAX_GROUPS) throw invalid('groupBy', groupBy.length, `at most ${MAX_GROUPS} columns`);
  if (groupBy.includes('')) throw invalid('groupBy', '', "a column's name or 0-based index");
  if (groupBy.length > 0 && departmentColumn && departmentColumn !== groupBy[0]) {
    throw invalid('departmentColumn', departmentColumn, 'groupBy alone, which has all columns');
  }
  return groupBy;
}

function readAmounts({ amounts, amountColumn }: AnalysisOptions): readonly string[] {
  if (amounts.length > MAX_AMOUNTS) throw invalid('amounts', amounts.length, `at most ${MAX_AMOUNTS} columns`);
  if (amounts.includes('')) throw invalid('amounts', '', "a column's name or 0-based index");
  if (amounts.length > 0 && amountColumn && amountColumn !== amounts[0]) {
    throw invalid('amountColumn', amountColumn, 'amounts alone, which has all columns');
  }
  return amounts;
}

function readWhere(where: readonly FilterOption[]): readonly FilterOption[] {
  if (where.length > MAX_FILTERS) throw invalid('where', where.length, `at most ${MAX_FILTERS} filters`);
  for (const filter of where) {
    if (filter.column === '') throw invalid('where', '', "a filter with a column's name or 0-based index");
    if ('from' in filter && filter.from + filter.to === '') {
      throw invalid('where', filter.column, 'a range with a first or a last value');
    }
  }
  const values = where.flatMap((filter) => ('values' in filter ? filter.values : []));
  const bounds = where.flatMap((filter) => ('from' in filter ? [filter.from, filter.to] : []));
  const bytes = bytesOf([...where.map(({ column }) => column), ...values, ...bounds]);
  if (values.length > MAX_FILTER_VALUES) throw invalid('where', values.length, `at most ${MAX_FILTER_VALUES} values`);
  if (bytes > MAX_FILTER_BYTES)
    throw invalid('where', bytes, `columns and values of at most ${MAX_FILTER_BYTES} bytes together`);
  return where;
}

function bytesOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** Whether a text option is left to detection. */
export function isAuto(value: string): boolean {
  return value === '' || value === 'auto';
}

/** A text in quotes, or the beginning of a long one. */
export function quotedStart(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function invalid(name: string, value: unknown, allowed: string): KernelError {
  return new KernelError(
    'OPTION_INVALID',
    `${name} is ${typeof value === 'string' ? quotedStart(value) : JSON.stringify(value)}; use ${allowed}`,
  );
}

/** The code of a single ASCII character, or -1. Letters, digits and line breaks cannot separate or quote anything. */
export function separatorCode(value: string): number {
  const code = value.length === 1 ? value.charCodeAt(0) : -1;
  if (code <= 0 || code > 126 || code === LF || code === CR || /[0-9A-Za-z]/.test(value)) return -1;
  return code;
}

function readDelimiter(value: string): number | undefined {
  if (isAuto(value)) return undefined;
  const code = value === 'tab' || value === '\\t' ? TAB : separatorCode(value);
  if (code < 0) {
    throw invalid('delimiter', value, 'one ASCII character other than a letter, digit or line break, tab, or auto');
  }
  return code;
}

function readQuote(value: string): number | undefined {
  if (isAuto(value)) return undefined;
  if (value === 'none') return 0;
  const code = separatorCode(value);
  if (code <= SPACE) {
    throw invalid('quote', value, 'one ASCII character other than a letter, digit or white space, none, or auto');
  }
  return code;
}

function readHeader(value: string): boolean | undefined {
  if (isAuto(value)) return undefined;
  if (value !== 'true' && value !== 'false') throw invalid('header', value, 'true, false or auto');
  return value === 'true';
}

function readDecimalSeparator(value: string): number | undefined {
  if (isAuto(value)) return undefined;
  if (value !== '.' && value !== ',') throw invalid('decimalSeparator', value, '".", "," or auto');
  return value.charCodeAt(0);
}

/** Group separators beyond ASCII, and the ASCII characters that stand for them. */
const SAME_GROUPS = new Map([
  ['\u00a0', ' '],
  ['\u202f', ' '],
  ['\u2009', ' '],
  ['\u2019', "'"],
]);

function readGroupSeparator(value: string): number | undefined {
  if (isAuto(value)) return undefined;
  if (value === 'none') return 0;
  const code = separatorCode(SAME_GROUPS.get(value) ?? value);
  if (code < 0 || value === '+' || value === '-') {
    throw invalid(
      'groupSeparator',
      value,
      'one ASCII character other than a letter, digit, sign or line break, U+00A0, U+202F, U+2019, none, or auto',
    );
  }
  return code;
}

function readNegativeAmounts(value: string): boolean {
  if (value === '' || value === 'count') return true;
  if (value !== 'reject') throw invalid('negativeAmounts', value, 'count or reject');
  return false;
}

function readSkipLines(value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= MAX_SKIP_LINES)) return value;
  throw invalid('skipLines', value, `a whole number from 0 to ${MAX_SKIP_LINES}`);
}

function readLimit(name: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least) throw invalid(name, value, `a whole number from ${least}`);
  return value;
}

/**
 * Refuses characters with two meanings.
 *
 * A delimiter may equal the decimal or group separator: `Sports,"1,50"` is a usual export. Without quotes such an
 * amount could never be written, so that is refused.
 *
 * @throws KernelError `OPTION_INVALID`
 */
export function refuseConflicts(
  options: Pick<CheckedOptions, 'delimiter' | 'quote' | 'decimalSeparator' | 'groupSeparator'>,
): void {
  const { delimiter, quote, decimalSeparator, groupSeparator } = options;
  const refuse = (first: string, second: string, code: number, why = ''): never => {
    const character = JSON.stringify(String.fromCharCode(code));
    throw new KernelError(
      'OPTION_INVALID',
      `${first} and ${second} are both ${character}${why}; choose two different characters`,
    );
  };
  if (delimiter !== undefined && delimiter === quote) refuse('delimiter', 'quote', delimiter);
  if (decimalSeparator !== undefined) {
    if (decimalSeparator === quote) refuse('quote', 'decimalSeparator', decimalSeparator);
    if (decimalSeparator === groupSeparator) refuse('decimalSeparator', 'groupSeparator', decimalSeparator);
    if (decimalSeparator === delimiter && quote === 0) {
      refuse('delimiter', 'decimalSeparator', decimalSeparator, ' and there are no quotes');
    }
  }
  if (groupSeparator && groupSeparator === quote) refuse('quote', 'groupSeparator', groupSeparator);
}
