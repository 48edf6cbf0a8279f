import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { addExact, parseExact, subtractExact, unitsAt } from '../format/exact.ts';
import type { Change, Changes } from '../groups/changes.ts';
import { keysOf } from '../groups/groups.ts';
import { type ChangeOrderColumn, changeOf, type TotalsOrder } from './totals-order.ts';

/** A total with what it is sorted by: a difference, or a difference and the sum before. */
interface Sortable {
  total: Total;
  difference: bigint;
  before: bigint;
}

/** Sorts totals by one of their changes, exactly. Those without it come last either way, in the order in which they came. */
export function sortByChange(
  totals: readonly Total[],
  changesOf: (total: Total) => Changes,
  { column, isDescending }: TotalsOrder<ChangeOrderColumn>,
): Total[] {
  const name = changeOf(column);
  const isByPart = column !== name;
  const known = totals.map((total) => ({ total, change: changesOf(total)[name] }));
  const has = (change: Change | undefined): change is Change =>
    change !== undefined && (!isByPart || change.fraction !== undefined);
  const rows = known.flatMap(({ total, change }) =>
    has(change) ? [{ total, sum: parseExact(total.sum), difference: parseExact(change.difference) }] : [],
  );
  const { decimals } = addExact(rows.flatMap(({ sum, difference }) => [sum, difference]));
  const sortable = rows.map(
    ({ total, sum, difference }): Sortable => ({
      total,
      difference: unitsAt(difference, decimals),
      before: unitsAt(subtractExact(sum, difference), decimals),
    }),
  );
  const direction = isDescending ? -1 : 1;
  const compare = isByPart ? compareParts : compareDifferences;
  return [
    ...sortable.sort((a, b) => direction * compare(a, b)).map(({ total }) => total),
    ...known.filter(({ change }) => !has(change)).map(({ total }) => total),
  ];
}

/** The totals of which a value contains a text, in upper or lower case. */
export function searchTotals(totals: readonly Total[], search: string): readonly Total[] {
  const folded = search.toLowerCase();
  if (folded === '') return totals;
  return totals.filter((total) => keysOf(total).some((key) => key.toLowerCase().includes(folded)));
}

function compareDifferences(a: Sortable, b: Sortable): number {
  return compareUnits(a.difference, b.difference);
}

/** As a / b and c / d compare: exactly, since both divisors are above zero. */
function compareParts(a: Sortable, b: Sortable): number {
  return compareUnits(a.difference * b.before, b.difference * a.before);
}

function compareUnits(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
