import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Dialect, Total } from '#gen/tallystream/v1/processor_pb.ts';
import { addExact, parseExact, unitsAt } from '../format/exact.ts';
import { resultTexts } from '../texts-of-results.ts';
import { columnName } from '../upload/csv-options.ts';

/** An amount that a job has added up: a column, or the product of two. */
export interface Amount {
  name: string;
  /** Its exact sum over all rows. */
  total: string;
}

/** The amounts of a job, in the order of the figures of its totals. */
export function amountsOf({ dialect, total, totals }: Pick<Job, 'dialect' | 'total' | 'totals'>): Amount[] {
  const asked = dialect?.amounts ?? [];
  if (dialect === undefined || asked.length === 0) return [{ name: nameOf(dialect, dialect?.amountIndex), total }];
  return asked.map(({ index, factor }, place) => {
    const name = nameOf(dialect, index);
    return {
      name: factor === undefined ? name : resultTexts.amounts.product(name, nameOf(dialect, factor)),
      // There are several only where several are asked for.
      total: totals[place] ?? (place === 0 ? total : '0'),
    };
  });
}

/** An amount besides the one that is shown, and its place among all of them. */
export interface OtherAmount {
  place: number;
  name: string;
}

/** The amounts besides one of them. */
export function otherAmounts(amounts: readonly Amount[], shown: number): OtherAmount[] {
  return amounts.map(({ name }, place) => ({ place, name })).filter(({ place }) => place !== shown);
}

/** The totals with the largest sums, largest first. */
export function leadingTotals(totals: readonly Total[], count: number): Total[] {
  const exact = totals.map((total) => ({ total, sum: parseExact(total.sum) }));
  const { decimals } = addExact(exact.map(({ sum }) => sum));
  return exact
    .map(({ total, sum }) => ({ total, units: unitsAt(sum, decimals) }))
    .sort((a, b) => (a.units === b.units ? 0 : a.units < b.units ? 1 : -1))
    .slice(0, count)
    .map(({ total }) => total);
}

function nameOf(dialect: Dialect | undefined, index: number | undefined): string {
  const column = dialect?.columns.find((candidate) => candidate.index === index);
  return column === undefined ? '' : columnName(column);
}

/** A total with the figures of another of its amounts in the place of those of the first. */
export function withAmount(total: Total, place: number): Total {
  const figures = total.figures[place];
  if (place === 0 || figures === undefined) return total;
  const { sum, count, min, max, mean } = figures;
  return { ...total, sum, count, min, max, mean };
}
