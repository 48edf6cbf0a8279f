import { createMemo, Match, Show, Switch } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { mostLoadedGroups } from '../groups/all-totals.ts';
import { amountsOf } from '../groups/amounts.ts';
import { groupName, groupsOf } from '../groups/groups.ts';
import { DoubtMark } from '../jobs/doubt-mark.tsx';
import { jobHref } from '../navigation/route.ts';
import type { PeriodKind } from '../periods/period.ts';
import { texts } from '../texts.ts';
import { compareTexts } from '../texts-of-comparisons.ts';
import { resultTexts } from '../texts-of-results.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import type { CompareView } from './compare-view.ts';
import { compareSums, type KeyedSum, sumOf } from './comparison.ts';
import { ComparisonPanel } from './comparison-panel.tsx';
import { ComparisonTotals } from './comparison-totals.tsx';
import { createLoaded } from './create-loaded.ts';
import { choosePair, groupsWithPeriods, loadForPeriods, loadPair, periodsOf, sumsOfPeriod } from './load-periods.ts';
import type { SumsOf } from './load-sums.ts';

const words = compareTexts.periods;

/** Two periods of a result side by side. */
export function ComparedPeriods(props: {
  job: Job;
  /** The place of the group of periods, and their kind. */
  time: { at: number; kind: PeriodKind };
  view: CompareView;
  onView: (change: CompareView) => void;
}) {
  const { gateway } = useApp();
  const groups = createMemo(() => groupsOf(props.job.dialect));
  const others = () => groups().toSpliced(props.time.at, 1);
  const amounts = createMemo(() => amountsOf(props.job));
  const amount = () => Math.min(props.view.amount ?? 0, amounts().length - 1);
  const amountName = () => amounts()[amount()]?.name ?? '';
  const isTooLarge = () => props.job.departments > mostLoadedGroups;
  const side = createMemo(
    (): SumsOf => ({
      jobId: props.job.id,
      size: props.job.departments,
      amount: amount(),
      places: groups().map((_, place) => place),
    }),
    undefined,
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const all = createLoaded(gateway, () => {
    const wanted = side();
    return (loading) => loadForPeriods(wanted, loading);
  });
  const periods = createMemo(() => periodsOf(all.value() ?? [], props.time.at, props.time.kind));
  const pair = createMemo(() => {
    const { period, before } = props.view;
    return choosePair(periods(), props.time.kind, {
      ...(period !== undefined && { period }),
      ...(before !== undefined && { before }),
    });
  });
  const ofPair = createLoaded(gateway, () => {
    const [wanted, chosen, { at }] = [side(), pair(), props.time];
    if (!isTooLarge() || chosen === undefined || all.value() === undefined) return undefined;
    return (loading) => loadPair(wanted, at, chosen, loading);
  });
  /** All groups of the two periods; of others, too, where all are there. */
  const sums = (): readonly KeyedSum[] | undefined => {
    if (!isTooLarge()) return all.value();
    const found = ofPair.value();
    return found !== undefined && 'sums' in found ? found.sums : undefined;
  };
  const tooMany = () => {
    const found = ofPair.value();
    return found !== undefined && 'tooMany' in found ? found.tooMany : undefined;
  };
  const compared = createMemo(() => {
    const [known, chosen] = [sums(), pair()];
    if (known === undefined || chosen === undefined) return undefined;
    const here = sumsOfPeriod(known, props.time.at, chosen.period);
    const there = sumsOfPeriod(known, props.time.at, chosen.before);
    return {
      names: { here: chosen.period, there: chosen.before },
      totals: { here: sumOf(here), there: sumOf(there) },
      comparison: compareSums(here, there),
    };
  });
  const failed = () => [all, ofPair].find(({ error }) => error() !== '');
  const choices = (chosen: string) => {
    const offered = periods().includes(chosen) ? periods() : [chosen, ...periods()];
    return offered.map((text) => ({ value: text, text }));
  };
  const loading = () => {
    if (isTooLarge()) return compareTexts.looking;
    return compareTexts.loading(formatCount(all.count()), formatCount(props.job.departments));
  };
  const kindWord = () => resultTexts.periods[props.time.kind];
  return (
    <>
      <div class="result-tools">
        <div class="compare-choices">
          <Show when={pair()}>
            {(chosen) => (
              <>
                <LabelledSelect
                  label={groupNameAt()}
                  value={chosen().period}
                  options={choices(chosen().period)}
                  onChange={(period) => props.onView({ period, before: chosen().before })}
                />
                <LabelledSelect
                  label={words.before}
                  value={chosen().before}
                  options={choices(chosen().before)}
                  onChange={(before) => props.onView({ period: chosen().period, before })}
                />
              </>
            )}
          </Show>
          <Show when={amounts().length > 1}>
            <LabelledSelect
              class="amount-choice"
              label={compareTexts.amount}
              value={String(amount())}
              options={amounts().map(({ name }, place) => ({ value: String(place), text: name }))}
              onChange={(value) => props.onView({ amount: Number(value) })}
            />
          </Show>
        </div>
      </div>
      <Show when={isTooLarge()}>
        <p class="notice">{words.offered(formatCount(groupsWithPeriods))}</p>
      </Show>
      <Show when={props.job.doubts.length > 0}>
        <p class="notice compare-doubts" data-tone="warning">
          <span>
            {compareTexts.doubts} <a href={jobHref(props.job.id)}>{props.job.filename}</a>{' '}
            <DoubtMark doubts={props.job.doubts} />
          </span>
        </p>
      </Show>
      <Show when={failed()}>
        {(load) => (
          <ErrorNotice action={{ label: texts.totals.again, run: load().again }}>{load().error()}</ErrorNotice>
        )}
      </Show>
      <Switch
        fallback={
          <p class="quiet result-loading" role="status">
            {failed() === undefined ? loading() : ''}
          </p>
        }
      >
        <Match when={all.value() !== undefined && pair() === undefined}>
          <p class="notice">{periods().length === 0 ? words.none : words.one(kindWord())}</p>
        </Match>
        <Match when={tooMany()}>
          {(count) => <p class="notice">{words.tooMany(formatCount(count()), formatCount(mostLoadedGroups))}</p>}
        </Match>
        <Match when={compared()}>
          {(known) => (
            <>
              <ComparisonTotals
                here={{ head: known().names.here, total: known().totals.here }}
                there={{ head: known().names.there, total: known().totals.there }}
              />
              <ComparisonPanel
                comparison={known().comparison}
                isSearched={false}
                isLoading={false}
                groups={others()}
                amounts={{ here: amountName(), there: amountName() }}
                names={known().names}
                view={props.view}
                onView={props.onView}
              />
            </>
          )}
        </Match>
      </Switch>
    </>
  );

  function groupNameAt(): string {
    const group = groups()[props.time.at];
    return group === undefined ? '' : groupName(group);
  }
}
