import { mostLoadedGroups } from '../groups/all-totals.ts';
import { type PeriodKind, periodPlace, yearBefore } from '../periods/period.ts';
import { orderBy } from '../result/totals-order.ts';
import type { KeyedSum } from './comparison.ts';
import { type Loading, readPages, type SumsOf } from './load-sums.ts';

/** Of a result with too many groups, the periods of so many leading ones are offered: one page of them. */
export const groupsWithPeriods = 10_000;

/** Two periods, the later one first as it is chosen by default. */
export interface PeriodPair {
  period: string;
  before: string;
}

/** The periods of some groups, the latest first. Texts that are no periods are left out. */
export function periodsOf(sums: readonly KeyedSum[], at: number, kind: PeriodKind): string[] {
  const texts = [...new Set(sums.map(({ keys }) => keys[at] ?? ''))];
  return texts
    .flatMap((text) => {
      const place = periodPlace(kind, text);
      return place === undefined ? [] : [{ text, place }];
    })
    .sort((a, b) => b.place - a.place)
    .map(({ text }) => text);
}

/** The pair that is compared: as its reader has chosen; else the latest period and the one a year before, or the one before it. */
export function choosePair(
  periods: readonly string[],
  kind: PeriodKind,
  chosen: Partial<PeriodPair>,
): PeriodPair | undefined {
  const period = chosen.period ?? periods.find((candidate) => candidate !== chosen.before);
  if (period === undefined) return undefined;
  const others = periods.filter((candidate) => candidate !== period);
  const at = periods.indexOf(period);
  const yearAgo = others.find((candidate) => candidate === yearBefore(kind, period));
  const before = chosen.before ?? yearAgo ?? others[Math.min(Math.max(at, 0), others.length - 1)];
  return before === undefined ? undefined : { period, before };
}

/** The sums of one period, without it in their keys. */
export function sumsOfPeriod(sums: readonly KeyedSum[], at: number, period: string): KeyedSum[] {
  return sums.filter(({ keys }) => keys[at] === period).map(({ keys, sum }) => ({ keys: keys.toSpliced(at, 1), sum }));
}

/** The groups in which periods are found: all of a result, or the leading ones where these are too many. */
export async function loadForPeriods(side: SumsOf, loading: Loading): Promise<readonly KeyedSum[]> {
  if (side.size <= mostLoadedGroups) return await readPages(side, {}, loading);
  const order = orderBy({ column: 'sum', isDescending: true }, side.amount);
  return await readPages(side, { orderBy: order }, loading, groupsWithPeriods);
}

/** All groups of two periods of a result that is not loaded as a whole; only their number if that is too large, too. */
export async function loadPair(
  side: SumsOf,
  at: number,
  { period, before }: PeriodPair,
  loading: Loading,
): Promise<{ sums: readonly KeyedSum[] } | { tooMany: number }> {
  const keys = [{ index: side.places[at] ?? at, values: [period, before] }];
  const { jobId } = side;
  const { totalSize } = await loading.gateway.listTotals({ jobId, keys, pageSize: 1 }, { signal: loading.signal });
  if (totalSize > mostLoadedGroups) return { tooMany: totalSize };
  return { sums: await readPages(side, { keys }, loading) };
}
