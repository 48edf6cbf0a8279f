import { COMMA } from '../ascii.ts';
import type { Doubt } from '../doubt.ts';
import type { CheckedOptions } from '../options.ts';
import { isTotalName } from '../total-names.ts';
import { isCurrency } from './amount-text.ts';
import type { ColumnChoice } from './columns.ts';
import type { RecordFormat } from './format.ts';
import type { SampleRecord } from './sample-records.ts';

/** Doubts that the rows of a sample give rise to, beside those about each decision. */

/** Columns that are looked at. */
const EVIDENCE_COLUMNS = 200;
/** A longer text is no word for a sum. */
const MAX_TOTAL_CELL = 40;

/**
 * Tells that the delimiter may stand inside amounts: behind a column of whole numbers there is one without a name that
 * holds exactly two digits in each row, or exactly three.
 */
export function splitAmountDoubt(
  rows: readonly SampleRecord[],
  names: readonly string[],
  { amountIndex }: ColumnChoice,
  { delimiter }: RecordFormat,
  options: CheckedOptions,
): Doubt | undefined {
  if (delimiter !== COMMA || options.delimiter !== undefined) return undefined;
  const isSplitAt = (column: number) => {
    const parts = rows.map(({ fields }) => [fields[column - 1] ?? '', fields[column] ?? '']);
    const isWhole = parts.every(([whole = '']) => /^[^\d\s]{0,4} ?\d{1,6}$/.test(whole));
    return isWhole && [/^\d{2}$/, /^\d{3}$/].some((form) => parts.every(([, part = '']) => form.test(part)));
  };
  const found = [amountIndex, amountIndex + 1].find(
    (column) => column > 0 && column < names.length && names[column] === '' && rows.length > 0 && isSplitAt(column),
  );
  if (found === undefined) return undefined;
  const [whole, part] = [rows[0]!.fields[found - 1], rows[0]!.fields[found]];
  return {
    code: 'DELIMITER_UNCERTAIN',
    message: `Fields are separated by commas, but ${whole},${part} may be one amount with a comma inside; put such amounts in quotes, or use another delimiter in the file.`,
  };
}

/** Tells that another column holds several currencies, which are added up as if they were one. */
export function currencyColumnDoubt(
  rows: readonly SampleRecord[],
  { departmentIndex, amountIndex }: ColumnChoice,
): Doubt | undefined {
  const width = Math.min(rows[0]?.fields.length ?? 0, EVIDENCE_COLUMNS);
  for (let column = 0; column < width; column++) {
    if (column === amountIndex || column === departmentIndex) continue;
    const values = new Set(rows.map(({ fields }) => fields[column] ?? '').filter((value) => value !== ''));
    const [first, second] = values;
    if (second === undefined || values.size > 50 || ![...values].every(isCurrency)) continue;
    return {
      code: 'MIXED_CURRENCIES',
      message: `Amounts are added up whatever their currency, but the currency column holds several, such as ${first} and ${second}; set departmentColumn to it, or put each currency in its own file.`,
    };
  }
  return undefined;
}

/** Tells that rows in between seem to sum up others: a column that is not grouped by says so. */
export function totalCellDoubt(
  rows: readonly SampleRecord[],
  { departmentIndex, amountIndex }: ColumnChoice,
): Doubt | undefined {
  const cell = firstDefined(rows, ({ fields }) =>
    fields
      .slice(0, EVIDENCE_COLUMNS)
      .find((field, column) => column !== departmentIndex && column !== amountIndex && isTotalCell(field)),
  );
  if (cell === undefined) return undefined;
  return {
    code: 'TOTAL_ROW',
    message: `A row says ${JSON.stringify(cell)} in another column: it may be a sum of others, which would then be counted twice; remove such rows from the file.`,
  };
}

function firstDefined<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isTotalCell(field: string): boolean {
  return field.length <= MAX_TOTAL_CELL && /\p{L}/u.test(field) && field.toLowerCase() !== 'all' && isTotalName(field);
}
