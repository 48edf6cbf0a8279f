import type { Gateway } from '../api/gateway.ts';
import { mostLoadedGroups } from '../groups/all-totals.ts';
import { withAmount } from '../groups/amounts.ts';
import { joinKeys, keysOf } from '../groups/groups.ts';
import { orderBy } from '../result/totals-order.ts';
import type { KeyedSum } from './comparison.ts';

/** So many groups of each side are compared where one has too many to load all of them. */
export const leadingGroups = 1000;
/** The most that the server gives at once. */
const pageSize = 10_000;
/** Values of all filters of a request together, and their characters: the token of the next page repeats them. */
const most = { values: 1000, characters: 100_000, valueCharacters: 16 * 1024 };

/** One side of a comparison. */
export interface SumsOf {
  jobId: string;
  /** How many groups it has. */
  size: number;
  /** Which of several amounts is compared. */
  amount: number;
  /** For each key of the comparison its place among the keys of this side. */
  places: readonly number[];
}

/** The sums of both sides: each group that is there on one of them is there on both, or has no rows on the other. */
export interface LoadedSums {
  here: readonly KeyedSum[];
  there: readonly KeyedSum[];
  /** Whether these are all groups; else they are those with the largest sums of both. */
  isWhole: boolean;
  /** Groups that could not be looked up on the other side, and are left out. */
  leftOut: number;
}

/** The things that a loading works with. */
export interface Loading {
  gateway: Gateway;
  signal: AbortSignal;
  /** Is told how many groups are there so far. */
  onLoaded: (count: number) => void;
}

/** Whether all groups of both sides are loaded. */
export function loadsWhole(here: Pick<SumsOf, 'size'>, there: Pick<SumsOf, 'size'>): boolean {
  return here.size <= mostLoadedGroups && there.size <= mostLoadedGroups;
}

/**
 * Loads the sums of two results: all of them, or where that would be too many the leading ones of both, each of which is
 * looked up on the other side.
 *
 * @param search what leading groups must contain; all groups are loaded whatever it is
 */
export async function loadSums(here: SumsOf, there: SumsOf, search: string, loading: Loading): Promise<LoadedSums> {
  if (!loadsWhole(here, there)) return await loadLeading(here, there, search, loading);
  const ours = await readPages(here, {}, loading);
  const theirs = await readPages(there, {}, withLoaded(loading, ours.length));
  return { here: ours, there: theirs, isWhole: true, leftOut: 0 };
}

async function loadLeading(here: SumsOf, there: SumsOf, search: string, loading: Loading): Promise<LoadedSums> {
  const leading = async (side: SumsOf) => {
    const order = orderBy({ column: 'sum', isDescending: true }, side.amount);
    return await readPages(side, { orderBy: order, search }, loading, leadingGroups);
  };
  const all = { here: await leading(here), there: await leading(there) };
  const canFind = ({ keys }: KeyedSum) => keys.every((key) => key.length <= most.valueCharacters);
  const known = { here: all.here.filter(canFind), there: all.there.filter(canFind) };
  const found = {
    here: await lookUp(here, without(known.there, known.here), loading),
    there: await lookUp(there, without(known.here, known.there), loading),
  };
  return {
    here: [...known.here, ...found.here],
    there: [...known.there, ...found.there],
    isWhole: false,
    leftOut: all.here.length + all.there.length - known.here.length - known.there.length,
  };
}

function without(sums: readonly KeyedSum[], others: readonly KeyedSum[]): KeyedSum[] {
  const known = new Set(others.map(({ keys }) => joinKeys(keys)));
  return sums.filter(({ keys }) => !known.has(joinKeys(keys)));
}

/** Finds groups by their keys. Those that the side has no rows of are not among the answers. */
async function lookUp(side: SumsOf, wanted: readonly KeyedSum[], loading: Loading): Promise<KeyedSum[]> {
  const found: KeyedSum[] = [];
  for (const part of partsOf(wanted)) {
    const names = new Set(part.map(({ keys }) => joinKeys(keys)));
    const keys = side.places.map((index, at) => ({
      index,
      values: [...new Set(part.map((sum) => sum.keys[at] ?? ''))],
    }));
    // Filters by several columns find more than what is looked for: every combination of the values.
    const all = await readPages(side, { keys }, loading);
    found.push(...all.filter((sum) => names.has(joinKeys(sum.keys))));
  }
  return found;
}

/** Cuts groups into parts, each small enough for the filters of one request. Neighbours share values. */
function partsOf(wanted: readonly KeyedSum[]): KeyedSum[][] {
  const sorted = wanted
    .map((sum) => ({ sum, name: joinKeys(sum.keys) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const parts: KeyedSum[][] = [];
  let [values, characters] = [0, 0];
  for (const { sum, name } of sorted) {
    values += sum.keys.length;
    characters += name.length;
    if (parts.length === 0 || values > most.values || characters > most.characters) {
      parts.push([]);
      [values, characters] = [sum.keys.length, name.length];
    }
    parts.at(-1)?.push(sum);
  }
  return parts;
}

/** The part of a side that is read; all of it by default. */
export interface Wanted {
  orderBy?: string;
  search?: string;
  keys?: { index: number; values: string[] }[];
}

/** Reads pages of a side until the last, or until there are enough. */
export async function readPages(
  { jobId, amount, places }: Omit<SumsOf, 'size'>,
  wanted: Wanted,
  { gateway, signal, onLoaded }: Loading,
  enough = Number.POSITIVE_INFINITY,
): Promise<KeyedSum[]> {
  const sums: KeyedSum[] = [];
  for (let pageToken = ''; ; ) {
    const size = Math.min(pageSize, enough - sums.length);
    const page = await gateway.listTotals({ jobId, ...wanted, pageSize: size, pageToken }, { signal });
    for (const total of page.totals) {
      const keys = keysOf(total);
      sums.push({ keys: places.map((place) => keys[place] ?? ''), sum: withAmount(total, amount).sum });
    }
    onLoaded(sums.length);
    pageToken = page.nextPageToken;
    if (pageToken === '' || sums.length >= enough) return sums;
  }
}

function withLoaded(loading: Loading, before: number): Loading {
  return { ...loading, onLoaded: (count) => loading.onLoaded(before + count) };
}
