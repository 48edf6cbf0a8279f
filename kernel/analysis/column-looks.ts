import { factsOf, isMissing } from '../detect/column-facts.ts';
import type { SampleRecord } from '../detect/sample-records.ts';

/** The kind of most values of a column; `none` where it has no values. */
export type ColumnKind = 'none' | 'text' | 'number' | 'date';

/** How a column looks in a sample. */
export interface ColumnLook {
  index: number;
  kind: ColumnKind;
  /** Values that are there, and rows without one. */
  values: number;
  empty: number;
  distinct: number;
  /** The most frequent values, the most frequent first; those that are as frequent in natural order. */
  frequent: string[];
}

/** So many columns are looked at, besides those that are asked for. */
const MAX_COLUMNS_SEEN = 100;
const MAX_FREQUENT = 50;
const MAX_FREQUENT_LENGTH = 200;
/** `Shop 2` comes before `Shop 10`; the same in every place that the server runs in. */
const inNaturalOrder = new Intl.Collator('en', { numeric: true });

/**
 * Looks at the columns of a sample.
 *
 * @param asked the indexes of columns that are looked at wherever they are
 */
export function columnLooks(rows: readonly SampleRecord[], width: number, asked: readonly number[]): ColumnLook[] {
  const whole = rows.filter(({ fields }) => fields.length === width);
  const indexes = new Set([
    ...Array.from({ length: Math.min(width, MAX_COLUMNS_SEEN) }, (_, index) => index),
    ...asked,
  ]);
  return [...indexes]
    .sort((a, b) => a - b)
    .map((index) =>
      lookOf(
        index,
        whole.map(({ fields }) => fields[index] ?? ''),
      ),
    );
}

function lookOf(index: number, values: readonly string[]): ColumnLook {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  const empty = values.filter((value) => value === '').length;
  const frequent = [...counts]
    .filter(([value]) => value.length <= MAX_FREQUENT_LENGTH)
    .sort(([a, countA], [b, countB]) => countB - countA || inNaturalOrder.compare(a, b) || (a < b ? -1 : 1))
    .slice(0, MAX_FREQUENT)
    .map(([value]) => value);
  return { index, kind: kindOf(values), values: values.length - empty, empty, distinct: counts.size, frequent };
}

function kindOf(values: readonly string[]): ColumnKind {
  if (values.every(isMissing)) return 'none';
  const { dates, amounts } = factsOf(values);
  if (dates >= 0.5) return 'date';
  return amounts >= 0.5 ? 'number' : 'text';
}
