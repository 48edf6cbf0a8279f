import { type Accessor, createMemo } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import type { Gateway } from '../api/gateway.ts';
import { makeTimeCourse, type TimeCourse } from '../charts/time-course.ts';
import { type AllTotals, createAllTotals, mostLoadedGroups } from '../groups/all-totals.ts';
import { type Amount, amountsOf, leadingTotals, withAmount } from '../groups/amounts.ts';
import { type Changes, makeChanges } from '../groups/changes.ts';
import { type Group, groupsOf, periodGroup } from '../groups/groups.ts';
import type { PeriodKind } from '../periods/period.ts';
import { type ChangeColumn, changeColumns } from './change-columns.ts';
import type { ResultView, ViewName } from './result-view.ts';

/** Leaders of an amount after the first, of which the job tells nothing. */
const leadingCount = 10;

/** A result as its reader looks at it: in one of the ways that its groups allow, and by one of its amounts. */
export interface ShownResult {
  groups: Accessor<readonly Group[]>;
  /** The place of the first group of periods, and their kind; undefined if there is none. */
  time: Accessor<{ at: number; kind: PeriodKind } | undefined>;
  /** The ways to look at it. */
  views: Accessor<readonly ViewName[]>;
  view: Accessor<ViewName>;
  /** Whether it has more groups than are loaded as a whole. */
  isTooLarge: Accessor<boolean>;
  amounts: Accessor<readonly Amount[]>;
  /** The place of the amount that is shown. */
  amount: Accessor<number>;
  /** The exact sum of that amount over all rows. */
  total: Accessor<string>;
  /** The totals with the largest sums of that amount. */
  top: Accessor<readonly Total[]>;
  /** All totals, as far as they are needed; how they load is in `all`. */
  totals: Accessor<readonly Total[] | undefined>;
  all: AllTotals;
  /** The groups beside that of the periods, of which a chart has lines. */
  lineGroups: Accessor<readonly number[]>;
  /** Those that it has lines of. */
  lineKeys: Accessor<readonly number[]>;
  course: Accessor<TimeCourse | undefined>;
  changes: Accessor<((total: Total) => Changes) | undefined>;
  changeColumns: Accessor<readonly ChangeColumn[]>;
}

/** Makes the {@link ShownResult} of a job. Its totals are loaded as a whole where a view needs them. */
export function createShownResult(gateway: Gateway, job: Accessor<Job>, chosen: Accessor<ResultView>): ShownResult {
  const groups = createMemo(() => groupsOf(job().dialect));
  const time = createMemo(() => {
    const at = periodGroup(groups());
    const kind = at === undefined ? undefined : groups()[at]?.period;
    return at === undefined || kind === undefined ? undefined : { at, kind };
  });
  const views = createMemo((): readonly ViewName[] => [
    'list',
    ...(time() === undefined ? [] : (['chart'] as const)),
    ...(groups().length > 1 ? (['pivot'] as const) : []),
  ]);
  const isTooLarge = () => job().departments > mostLoadedGroups;
  const view = (): ViewName => {
    const wanted = chosen().view ?? 'chart';
    return !isTooLarge() && views().includes(wanted) ? wanted : 'list';
  };

  const amounts = createMemo(() => amountsOf(job()));
  const amount = () => Math.min(chosen().amount ?? 0, amounts().length - 1);
  const needsAll = () => !isTooLarge() && (time() !== undefined || view() === 'pivot' || amount() > 0);
  const all = createAllTotals(gateway, () => (needsAll() ? job().id : undefined));
  const totals = createMemo(() => all.totals()?.map((total) => withAmount(total, amount())));
  const top = createMemo(() => (amount() === 0 ? job().top : leadingTotals(totals() ?? [], leadingCount)));

  const lineGroups = createMemo(() => groups().flatMap((_, place) => (place === time()?.at ? [] : [place])));
  const lineKeys = createMemo(() => {
    const { lines } = chosen();
    if (lines === 'all') return lineGroups();
    return lines !== undefined && lineGroups().includes(lines) ? [lines] : lineGroups().slice(0, 1);
  });
  const course = createMemo(() => {
    const [known, period] = [totals(), time()];
    return known && period && makeTimeCourse(known, period.at, period.kind, lineKeys());
  });
  const changes = createMemo(() => {
    const [known, period] = [totals(), time()];
    return known && period && makeChanges(known, period.at, period.kind);
  });
  const columns = createMemo(() => {
    const period = time();
    return period === undefined || isTooLarge() ? [] : changeColumns(period.kind);
  });
  return {
    groups,
    time,
    views,
    view,
    isTooLarge,
    amounts,
    amount,
    total: () => amounts()[amount()]?.total ?? '0',
    top,
    totals,
    all,
    lineGroups,
    lineKeys,
    course,
    changes,
    changeColumns: columns,
  };
}
