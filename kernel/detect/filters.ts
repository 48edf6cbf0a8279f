import { AMOUNT_DECIMALS, KernelError, type RowFilter } from '../kernel.ts';
import { type FilterOption, quotedStart } from '../options.ts';
import type { ColumnFacts } from './column-facts.ts';
import { findWished } from './columns.ts';

const NUMBER = /^([+-]?)(\d{1,18})(?:\.(\d{1,6}))?$/;
const WHITE_SPACE = /[\t-\r \u00a0\ufeff\u200b]/;
const DAY_MS = 86_400_000;

/** The columns of a file, as filters are understood by them. */
interface Columns {
  names: readonly string[];
  /** Of the first columns. */
  facts: readonly ColumnFacts[];
  /** Whether values are compared without white space around them, which the delimiter is none of. */
  trim: boolean;
  delimiter: number;
}

/**
 * Finds the columns of filters, and reads their ranges: as dates in a column of dates, else as numbers if they are some.
 *
 * @throws KernelError `COLUMN_NOT_FOUND`, `COLUMN_AMBIGUOUS`, `OPTION_INVALID`
 */
export function findFilters(where: readonly FilterOption[], { names, facts, trim, delimiter }: Columns): RowFilter[] {
  return where.map((filter) => {
    const index = findWished(names, 'where', filter.column) ?? 0;
    if ('values' in filter) {
      const values = [...new Set(filter.values.map((value) => (trim ? trimmed(value, delimiter) : value)))];
      return { index, kind: 'values', values, isNegated: filter.isNegated };
    }
    return { index, ...readRange(filter, (facts[index]?.dates ?? 0) >= 0.5), values: [], isNegated: false };
  });
}

/** As the kernel trims fields. */
function trimmed(text: string, delimiter: number): string {
  const isSpace = (at: number) => WHITE_SPACE.test(text.charAt(at)) && text.charCodeAt(at) !== delimiter;
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(start)) start++;
  while (end > start && isSpace(end - 1)) end--;
  return text.slice(start, end);
}

function readRange(
  { column, from, to }: { column: string; from: string; to: string },
  isDates: boolean,
): Pick<RowFilter, 'kind' | 'from' | 'to'> {
  const [first, last] = [from.trim(), to.trim()];
  const numbers = [first, last].map((bound) => (bound === '' ? undefined : readNumber(bound)));
  const dates = [readPeriod(first)?.first, readPeriod(last)?.last];
  const isWhole = (bounds: readonly unknown[]) =>
    [first, last].every((bound, at) => bound === '' || bounds[at] !== undefined);
  const kind = isWhole(dates) && (isDates || !isWhole(numbers)) ? 'dates' : 'numbers';
  const [least, most] = kind === 'dates' ? dates : numbers;
  const range = `${quotedStart(from)} and ${quotedStart(to)} for ${quotedStart(column)}`;
  if (kind === 'numbers' && !isWhole(numbers)) {
    throw new KernelError(
      'OPTION_INVALID',
      `where has a range between ${range}; use two numbers such as 1234.5, or two dates such as 2026-12-31, 2026-12, 2026-Q4, 2026-W53, 2026`,
    );
  }
  if (least !== undefined && most !== undefined && least > most) {
    throw new KernelError(
      'OPTION_INVALID',
      `where has a range between ${range}, in which nothing lies; turn it around`,
    );
  }
  return { kind, from: least?.toString(), to: most?.toString() };
}

/** A number in the units of amounts. */
function readNumber(text: string): bigint | undefined {
  const [, sign, whole, decimals = ''] = NUMBER.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const units = BigInt(whole + decimals.padEnd(AMOUNT_DECIMALS, '0'));
  return sign === '-' ? -units : units;
}

/** The first and the last day of a period, as 20261231. */
function readPeriod(text: string): { first: bigint; last: bigint } | undefined {
  const [, yearText = '', quarter, month, week, dayMonth, day] =
    /^(\d{4})(?:-Q([1-4])|-(\d\d)|-W(\d\d)|-(\d\d)-(\d\d))?$/.exec(text) ?? [];
  const year = Number(yearText);
  if (year === 0) return undefined;
  if (week) return readWeek(year, Number(week));
  if (dayMonth) {
    const date = dateOf(year, Number(dayMonth), Number(day));
    return numberOf(date) === BigInt(text.replaceAll('-', ''))
      ? { first: numberOf(date), last: numberOf(date) }
      : undefined;
  }
  if (month && (Number(month) < 1 || Number(month) > 12)) return undefined;
  const from = month ? Number(month) : quarter ? 3 * Number(quarter) - 2 : 1;
  const to = month ? from : quarter ? from + 2 : 12;
  return { first: numberOf(dateOf(year, from, 1)), last: numberOf(dateOf(year, to + 1, 0)) };
}

/** A week of ISO 8601: the first one has the fourth of January. */
function readWeek(year: number, week: number): { first: bigint; last: bigint } | undefined {
  const mondayOf = (ofYear: number) => {
    const fourth = dateOf(ofYear, 1, 4);
    return fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * DAY_MS;
  };
  const monday = mondayOf(year) + (week - 1) * 7 * DAY_MS;
  if (week < 1 || monday >= mondayOf(year + 1)) return undefined;
  return { first: numberOf(new Date(monday)), last: numberOf(new Date(monday + 6 * DAY_MS)) };
}

function dateOf(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}

function numberOf(date: Date): bigint {
  return BigInt((date.getUTCFullYear() * 100 + date.getUTCMonth() + 1) * 100 + date.getUTCDate());
}
