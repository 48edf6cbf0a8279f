import { AMOUNT_NAMES, type ColumnWishes, findByName, normalizeName } from './columns.ts';
import { looksLikeNumber } from './detect-numbers.ts';
import type { SampleRecord } from './sample-records.ts';

/** Rows that are looked at to tell numeric columns. */
const EVIDENCE_ROWS = 100;

/**
 * Whether the first record names the columns. It does if it holds a column's name that was asked for or that usual
 * amount columns have, or text where later rows have numbers; it does not if it has numbers where they do.
 *
 * @param records that are not blank, at least one
 */
export function detectHeader(
  records: readonly SampleRecord[],
  wishes: ColumnWishes,
): { hasHeader: boolean; doubt: string | undefined } {
  const names = records[0]!.fields;
  const certain = (hasHeader: boolean) => ({ hasHeader, doubt: undefined });
  for (const wish of [wishes.departmentColumn, wishes.amountColumn]) {
    if (wish !== undefined && !/^\d+$/.test(wish.trim()) && findByName(names, wish).length > 0) return certain(true);
  }
  if (names.some((name) => AMOUNT_NAMES.includes(normalizeName(name)))) return certain(true);

  const rows = records.slice(1, 1 + EVIDENCE_ROWS).filter((record) => record.fields.length === names.length);
  if (rows.length === 0) return certain(!names.some(looksLikeNumber));
  let textAboveNumbers = false;
  let numberAboveNumbers = false;
  names.forEach((name, column) => {
    const numbers = rows.filter((row) => looksLikeNumber(row.fields[column]!)).length;
    if (numbers * 2 <= rows.length || name === '') return;
    if (looksLikeNumber(name)) numberAboveNumbers = true;
    else textAboveNumbers = true;
  });
  if (textAboveNumbers) return certain(true);
  if (numberAboveNumbers) return certain(false);
  return { hasHeader: true, doubt: 'The first record is taken as the header, because no column holds numbers.' };
}
