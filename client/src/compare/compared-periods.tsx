import { createMemo, Match, Show, Switch } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { mostLoadedGroups } from '../groups/all-totals.ts';
import { amountsOf } from '../groups/amounts.ts';
import { groupName, groupsOf } from '../groups/groups.ts';
import type { PeriodKind } from '../periods/period.ts';
import { texts } from '../texts.ts';
import { compareTexts } from '../texts-of-comparisons.ts';
import { resultTexts } from '../texts-of-results.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import { AmountChoice } from './amount-choice.tsx';
import type { CompareView } from './compare-view.ts';
import { ComparisonPanel } from './comparison-panel.tsx';
import { ComparisonTotals } from './comparison-totals.tsx';
import { DoubtNotice } from './doubt-notice.tsx';
import { groupsWithPeriods } from './load-periods.ts';
import { createShownPeriods } from './shown-periods.ts';

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
  const dates = () => groups().filter((_, place) => place === props.time.at);
  const amounts = createMemo(() => amountsOf(props.job));
  const amount = () => Math.min(props.view.amount ?? 0, amounts().length - 1);
  const amountName = () => amounts()[amount()]?.name ?? '';
  const shown = createShownPeriods(
    gateway,
    () => props.job,
    () => props.time,
    amount,
    () => props.view,
  );
  const choices = (chosen: string) => {
    const offered = shown.periods().includes(chosen) ? shown.periods() : [chosen, ...shown.periods()];
    return offered.map((text) => ({ value: text, text }));
  };
  const loading = () => {
    if (shown.isTooLarge()) return compareTexts.looking;
    return compareTexts.loading(formatCount(shown.all.count()), formatCount(props.job.departments));
  };
  const noPair = () => (shown.periods().length === 0 ? words.none : words.one(resultTexts.periods[props.time.kind]));
  return (
    <>
      <div class="result-tools">
        <div class="compare-choices">
          <Show when={shown.pair()}>
            {(pair) => (
              <>
                <LabelledSelect
                  label={dates().map(groupName).join()}
                  value={pair().period}
                  options={choices(pair().period)}
                  onChange={(period) => props.onView({ ...pair(), period })}
                />
                <LabelledSelect
                  label={words.before}
                  value={pair().before}
                  options={choices(pair().before)}
                  onChange={(before) => props.onView({ ...pair(), before })}
                />
              </>
            )}
          </Show>
          <AmountChoice
            label={compareTexts.amount}
            amounts={amounts()}
            chosen={amount()}
            onChoose={(place) => props.onView({ amount: place })}
          />
        </div>
      </div>
      <Show when={shown.isTooLarge()}>
        <p class="notice">{words.offered(formatCount(groupsWithPeriods))}</p>
      </Show>
      <DoubtNotice sides={[{ job: props.job, name: props.job.filename }]} />
      <Show when={shown.failed()}>
        {(load) => (
          <ErrorNotice action={{ label: texts.totals.again, run: load().again }}>{load().error()}</ErrorNotice>
        )}
      </Show>
      <Switch
        fallback={
          <p class="quiet result-loading" role="status">
            {shown.failed() === undefined ? loading() : ''}
          </p>
        }
      >
        <Match when={shown.all.value() !== undefined && shown.pair() === undefined}>
          <p class="notice">{noPair()}</p>
        </Match>
        <Match when={shown.tooMany()}>
          {(count) => <p class="notice">{words.tooMany(formatCount(count()), formatCount(mostLoadedGroups))}</p>}
        </Match>
        <Match when={shown.compared()}>
          {(known) => (
            <>
              <ComparisonTotals
                names={known().names}
                here={{ head: known().names.here, total: known().totals.here }}
                there={{ head: known().names.there, total: known().totals.there }}
              />
              <ComparisonPanel
                comparison={known().comparison}
                isSearched={false}
                isLoading={false}
                groups={groups().toSpliced(props.time.at, 1)}
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
}
