import { keysLabel } from '../groups/key-label.ts';
import type { ComparedRow } from './comparison.ts';

/** The ways to sort a comparison. `size` is that of the difference, up or down. */
export const compareColumns = ['group', 'here', 'there', 'size', 'difference', 'change'] as const;

/** A column that a comparison is sorted by. */
export type CompareColumn = (typeof compareColumns)[number];

/** How a comparison is sorted. */
export interface CompareOrder {
  column: CompareColumn;
  isDescending: boolean;
}

/** The largest differences first, up or down: those that explain the difference of the totals. */
export const usualOrder: CompareOrder = { column: 'size', isDescending: true };

/**
 * The order after a click on a head: the other way round, or a new column from the end that is asked for most. The head of
 * the differences begins with the largest of both signs, goes on with what has grown most, and then with what has shrunk most.
 */
export function orderAfterClick(order: CompareOrder, column: Exclude<CompareColumn, 'size'>): CompareOrder {
  if (column === 'difference') {
    if (order.column === 'size') return { column, isDescending: true };
    if (order.column === 'difference' && order.isDescending) return { column, isDescending: false };
    return usualOrder;
  }
  if (order.column === column) return { column, isDescending: !order.isDescending };
  return { column, isDescending: column !== 'group' };
}

const names = new Intl.Collator(undefined, { numeric: true });

/** Sorts rows. Those that lack what they are sorted by come last either way; equal ones stay in the order in which they came. */
export function sortRows(rows: readonly ComparedRow[], { column, isDescending }: CompareOrder): ComparedRow[] {
  const direction = isDescending ? -1 : 1;
  const has = presence[column];
  const [present, absent] = [rows.filter(has), rows.filter((row) => !has(row))];
  return [...present.sort((a, b) => direction * comparers[column](a, b)), ...absent];
}

/** The rows whose group contains a text, in upper or lower case. */
export function searchRows(rows: readonly ComparedRow[], search: string): readonly ComparedRow[] {
  const folded = search.trim().toLowerCase();
  return folded === '' ? rows : rows.filter(({ keys }) => keysLabel(keys).toLowerCase().includes(folded));
}

const always = () => true;
const presence: Record<CompareColumn, (row: ComparedRow) => boolean> = {
  group: always,
  here: ({ here }) => here !== undefined,
  there: ({ there }) => there !== undefined,
  size: always,
  difference: always,
  // Beside nothing and beside less than nothing, a change has no part.
  change: ({ there }) => there !== undefined && there > 0n,
};

const comparers: Record<CompareColumn, (a: ComparedRow, b: ComparedRow) => number> = {
  group: (a, b) => compareKeys(a.keys, b.keys),
  here: (a, b) => compareUnits(a.here ?? 0n, b.here ?? 0n),
  there: (a, b) => compareUnits(a.there ?? 0n, b.there ?? 0n),
  size: (a, b) => compareUnits(sizeOf(a.difference), sizeOf(b.difference)),
  difference: (a, b) => compareUnits(a.difference, b.difference),
  // As a / b and c / d compare: exactly, since both divisors are above zero.
  change: (a, b) => compareUnits(a.difference * (b.there ?? 1n), b.difference * (a.there ?? 1n)),
};

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [place, key] of a.entries()) {
    const order = names.compare(key, b[place] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function compareUnits(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function sizeOf(units: bigint): bigint {
  return units < 0n ? -units : units;
}
