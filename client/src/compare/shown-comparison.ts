import { type Accessor, createMemo } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Gateway } from '../api/gateway.ts';
import { type Amount, amountsOf } from '../groups/amounts.ts';
import { type Group, groupsOf } from '../groups/groups.ts';
import type { CompareView } from './compare-view.ts';
import { type Comparison, compareSums } from './comparison.ts';
import { createLoaded, type Loaded } from './create-loaded.ts';
import { type LoadedSums, loadSums, loadsWhole, type SumsOf } from './load-sums.ts';
import { matchAmounts } from './match.ts';
import { type SideNames, sideNames } from './side-names.ts';

/** Two jobs whose results have the same groups. */
export interface ComparedJobs {
  here: Job;
  there: Job;
  /** For each group of the first its place among those of the second. */
  places: readonly number[];
}

/** Two results as their reader compares them: by one of their amounts. */
export interface ShownComparison {
  groups: Accessor<readonly Group[]>;
  names: Accessor<SideNames>;
  amounts: Accessor<{ here: readonly Amount[]; there: readonly Amount[] }>;
  /** The place of the amount that is compared. */
  amount: Accessor<number>;
  /** Whether the other result has an amount of the same name; else its reader chooses one. */
  hasMatch: Accessor<boolean>;
  /** The place of the amount of the other result. */
  other: Accessor<number>;
  /** Whether all groups are loaded; else those with the largest sums are. */
  isWhole: Accessor<boolean>;
  /** The search of leading groups, which the server makes; empty where all groups are here. */
  serverSearch: Accessor<string>;
  loaded: Loaded<LoadedSums>;
  /** Undefined until the groups are there. */
  comparison: Accessor<Comparison | undefined>;
}

/** Makes the {@link ShownComparison} of two jobs. */
export function createShownComparison(
  gateway: Gateway,
  jobs: Accessor<ComparedJobs>,
  view: Accessor<CompareView>,
): ShownComparison {
  const groups = createMemo(() => groupsOf(jobs().here.dialect));
  const names = createMemo(() => sideNames(jobs().here, jobs().there));
  const amounts = createMemo(() => ({ here: amountsOf(jobs().here), there: amountsOf(jobs().there) }));
  const amount = () => Math.min(view().amount ?? 0, amounts().here.length - 1);
  const match = createMemo(() => matchAmounts(amounts().here, amounts().there)[amount()]);
  const other = () => match() ?? Math.min(view().other ?? 0, amounts().there.length - 1);

  // The stream tells of finished jobs again after each reconnect: what is the same is not loaded anew.
  const sides = createMemo(
    (): { here: SumsOf; there: SumsOf } => {
      const { here, there, places } = jobs();
      const inOrder = groups().map((_, place) => place);
      return {
        here: { jobId: here.id, size: here.departments, amount: amount(), places: inOrder },
        there: { jobId: there.id, size: there.departments, amount: other(), places },
      };
    },
    undefined,
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const isWhole = () => loadsWhole(sides().here, sides().there);
  const serverSearch = createMemo(() => (isWhole() ? '' : (view().search ?? '').trim()));
  const loaded = createLoaded(
    gateway,
    () => {
      const [{ here, there }, search] = [sides(), serverSearch()];
      return (loading) => loadSums(here, there, search, loading);
    },
    sides,
  );
  const comparison = createMemo(() => {
    const sums = loaded.value();
    return sums && compareSums(sums.here, sums.there);
  });
  return {
    groups,
    names,
    amounts,
    amount,
    hasMatch: () => match() !== undefined,
    other,
    isWhole,
    serverSearch,
    loaded,
    comparison,
  };
}
