import { type Accessor, createMemo } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Gateway } from '../api/gateway.ts';
import { mostLoadedGroups } from '../groups/all-totals.ts';
import { groupsOf } from '../groups/groups.ts';
import type { PeriodKind } from '../periods/period.ts';
import type { CompareView } from './compare-view.ts';
import { type Comparison, compareSums, type KeyedSum, sumOf } from './comparison.ts';
import { createLoaded, type Loaded } from './create-loaded.ts';
import { choosePair, loadForPeriods, loadPair, type PeriodPair, periodsOf, sumsOfPeriod } from './load-periods.ts';
import type { SumsOf } from './load-sums.ts';

/** Two periods side by side. */
export interface ComparedPair {
  names: { here: string; there: string };
  /** The exact sums of all groups of each. */
  totals: { here: string; there: string };
  comparison: Comparison;
}

/** Two periods of a result as their reader compares them. */
export interface ShownPeriods {
  /** Whether the result has more groups than are loaded as a whole. */
  isTooLarge: Accessor<boolean>;
  /** The groups in which periods were found. */
  all: Loaded<readonly KeyedSum[]>;
  /** The periods to choose from, the latest first. */
  periods: Accessor<readonly string[]>;
  /** Undefined until they are known, and where there are no two. */
  pair: Accessor<PeriodPair | undefined>;
  /** Undefined until all groups of both are there. */
  compared: Accessor<ComparedPair | undefined>;
  /** How many groups the two periods have, if they are too many to be compared. */
  tooMany: Accessor<number | undefined>;
  /** The loading that has failed, if one has. */
  failed: Accessor<Pick<Loaded<unknown>, 'error' | 'again'> | undefined>;
}

/**
 * Makes the {@link ShownPeriods} of a job.
 *
 * @param time the place of the group of periods, and their kind
 * @param amount the place of the amount that is compared
 */
export function createShownPeriods(
  gateway: Gateway,
  job: Accessor<Job>,
  time: Accessor<{ at: number; kind: PeriodKind }>,
  amount: Accessor<number>,
  view: Accessor<CompareView>,
): ShownPeriods {
  const isTooLarge = () => job().departments > mostLoadedGroups;
  // The stream tells of finished jobs again after each reconnect: what is the same is not loaded anew.
  const side = createMemo(
    (): SumsOf => {
      const { id, departments, dialect } = job();
      return { jobId: id, size: departments, amount: amount(), places: groupsOf(dialect).map((_, place) => place) };
    },
    undefined,
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const all = createLoaded(gateway, () => {
    const wanted = side();
    return (loading) => loadForPeriods(wanted, loading);
  });
  const periods = createMemo(() => periodsOf(all.value() ?? [], time().at, time().kind));
  const pair = createMemo(() => {
    const { period, before } = view();
    return choosePair(periods(), time().kind, {
      ...(period !== undefined && { period }),
      ...(before !== undefined && { before }),
    });
  });
  const ofPair = createLoaded(gateway, () => {
    const [wanted, chosen, { at }] = [side(), pair(), time()];
    if (!isTooLarge() || chosen === undefined || all.value() === undefined) return undefined;
    return (loading) => loadPair(wanted, at, chosen, loading);
  });
  /** All groups of the two periods; where all are here, of others, too. */
  const sums = (): readonly KeyedSum[] | undefined => {
    if (!isTooLarge()) return all.value();
    const found = ofPair.value();
    return found !== undefined && 'sums' in found ? found.sums : undefined;
  };
  const compared = createMemo((): ComparedPair | undefined => {
    const [known, chosen] = [sums(), pair()];
    if (known === undefined || chosen === undefined) return undefined;
    const here = sumsOfPeriod(known, time().at, chosen.period);
    const there = sumsOfPeriod(known, time().at, chosen.before);
    return {
      names: { here: chosen.period, there: chosen.before },
      totals: { here: sumOf(here), there: sumOf(there) },
      comparison: compareSums(here, there),
    };
  });
  return {
    isTooLarge,
    all,
    periods,
    pair,
    compared,
    tooMany() {
      const found = ofPair.value();
      return found !== undefined && 'tooMany' in found ? found.tooMany : undefined;
    },
    failed: () => [all, ofPair].find(({ error }) => error() !== ''),
  };
}
