import { createMemo, createSignal, type JSX, lazy, Match, Show, Switch } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { useApp } from '../app-state.ts';
import { AskMenu, type AskTarget } from '../ask-on/ask-menu.tsx';
import { createAskOn } from '../ask-on/ask-on.ts';
import type { Pick } from '../ask-on/narrowed.ts';
import type { ChartPoint } from '../charts/time-chart.tsx';
import { makeTimeCourse } from '../charts/time-course.ts';
import { formatCount } from '../format/count.ts';
import { createAllTotals, mostLoadedGroups } from '../groups/all-totals.ts';
import { amountsOf, leadingTotals, withAmount } from '../groups/amounts.ts';
import { makeChanges } from '../groups/changes.ts';
import { groupsOf, keysOf, periodGroup } from '../groups/groups.ts';
import { groupLabel } from '../jobs/group-label.ts';
import { texts } from '../texts.ts';
import { resultTexts } from '../texts-of-results.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import { LazyPart } from '../ui/lazy-part.tsx';
import { changeColumns } from './change-columns.ts';
import type { ResultNames } from './result-names.ts';
import { createResultView, type ViewName } from './result-view.ts';
import { TotalsTable } from './totals-table.tsx';
import { ViewSwitch } from './view-switch.tsx';

// Neither is loaded with results of one group.
const TimeChart = lazy(() => import('../charts/time-chart.tsx'));
const PivotPanel = lazy(() => import('../pivot/pivot-panel.tsx'));
/** Characters; shorter values are never cut. */
const fewestCut = 100;

/** The groups with the largest sums of the amount that is shown. */
export interface Leaders {
  top: readonly Total[];
  total: string;
  /** Offers questions about a group by its name; undefined if none can be asked. */
  onAsk: ((department: string, place: DOMRect) => void) | undefined;
}

/** Leaders of an amount after the first, of which the job tells nothing. */
const leadingCount = 10;

/** Whether the value of a leading group may be the beginning of a longer one, which `…` at its end says. */
function isCut(value: string): boolean {
  return value.endsWith('…') && value.length >= fewestCut;
}

/** A result in the ways that its groups allow: as a list, over time, as rows and columns. */
export function ResultViews(props: {
  job: Job;
  names: ResultNames;
  /** Panels below the list. */
  below: JSX.Element;
  /** Panels beside it. */
  side: (leaders: () => Leaders) => JSX.Element;
}) {
  const app = useApp();
  const [view, setView] = createResultView();
  const groups = createMemo(() => groupsOf(props.job.dialect));
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
  const isTooLarge = () => props.job.departments > mostLoadedGroups;
  const shown = (): ViewName => {
    const wanted = view().view ?? 'chart';
    return !isTooLarge() && views().includes(wanted) ? wanted : 'list';
  };
  const amounts = createMemo(() => amountsOf(props.job));
  const amount = () => Math.min(view().amount ?? 0, amounts().length - 1);
  const needsAll = () => !isTooLarge() && (time() !== undefined || shown() === 'pivot' || amount() > 0);
  const all = createAllTotals(app.gateway, () => (needsAll() ? props.job.id : undefined));

  const names = (): ResultNames =>
    props.job.dialect?.amounts.length ? { ...props.names, sum: amounts()[amount()]?.name ?? '' } : props.names;
  const totals = createMemo(() => all.totals()?.map((total) => withAmount(total, amount())));

  const others = createMemo(() => groups().flatMap((_, place) => (place === time()?.at ? [] : [place])));
  /** The keys that the lines of the chart are of: the first beside the period, unless others are chosen. */
  const lineKeys = createMemo(() => {
    const { lines } = view();
    if (lines === 'all') return others();
    return lines !== undefined && others().includes(lines) ? [lines] : others().slice(0, 1);
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

  const askOn = createAskOn(app, () => props.job);
  const [target, setTarget] = createSignal<AskTarget>();
  const askAbout = () =>
    props.job.fileKept ? (picks: readonly Pick[], place: DOMRect) => setTarget({ picks, place }) : undefined;
  const askAboutTotal = () => {
    const ask = askAbout();
    return (
      ask &&
      ((total: Total, place: DOMRect) => {
        const picks = keysOf(total).map((value, at) => ({ at, value }));
        // A filter on a name that was cut would find nothing.
        const whole = picks.filter(({ value }) => !isCut(value));
        if (whole.length > 0) ask(whole, place);
      })
    );
  };
  const top = createMemo(() => {
    if (amount() === 0) return props.job.top;
    return leadingTotals(totals() ?? [], leadingCount);
  });
  const askAboutLeader = () => {
    const ask = askAboutTotal();
    return (
      ask &&
      ((department: string, place: DOMRect) => {
        const total = top().find((candidate) => groupLabel(candidate) === department);
        if (total !== undefined) ask(total, place);
      })
    );
  };
  const askAboutPoint = () => {
    const ask = askAbout();
    const at = time()?.at ?? 0;
    return (
      ask &&
      (({ period, keys }: ChartPoint, place: DOMRect) => {
        const picks = keys.map((value, index) => ({ at: lineKeys()[index] ?? 0, value }));
        ask(
          [...picks, { at, value: period }].sort((a, b) => a.at - b.at),
          place,
        );
      })
    );
  };

  const loading = () => resultTexts.loading(formatCount(all.loaded()), formatCount(props.job.departments));
  return (
    <>
      <Show when={views().length > 1 && isTooLarge()}>
        <p class="notice">{resultTexts.tooMany(formatCount(mostLoadedGroups), formatCount(props.job.departments))}</p>
      </Show>
      <Show when={(views().length > 1 && !isTooLarge()) || amounts().length > 1}>
        <div class="result-tools">
          <Show when={views().length > 1 && !isTooLarge()}>
            <ViewSwitch views={views()} shown={shown()} onChoose={(name) => setView({ view: name })} />
          </Show>
          <Show when={amounts().length > 1}>
            <LabelledSelect
              class="amount-choice"
              label={resultTexts.amounts.label}
              value={String(amount())}
              options={amounts().map(({ name }, place) => ({ value: String(place), text: name }))}
              onChange={(value) => setView({ amount: Number(value) })}
            />
          </Show>
        </div>
      </Show>
      <Show when={all.error() !== ''}>
        <ErrorNotice action={{ label: texts.totals.again, run: all.again }}>{all.error()}</ErrorNotice>
      </Show>
      <Switch>
        <Match when={shown() === 'chart'}>
          <section class="panel result-chart" aria-labelledby="chart">
            <header class="result-head">
              <h2 id="chart">{chartTitle()}</h2>
              <Show when={others().length > 1}>
                <LabelledSelect
                  label={resultTexts.chart.linesOf}
                  value={String(view().lines === 'all' ? 'all' : lineKeys()[0])}
                  options={lineChoices()}
                  onChange={(value) => setView({ lines: value === 'all' ? value : Number(value) })}
                />
              </Show>
            </header>
            <Show when={course()} fallback={<p class="quiet result-loading">{loading()}</p>}>
              {(drawn) => (
                <Show when={drawn().periods.length > 0} fallback={<p class="quiet">{resultTexts.chart.none}</p>}>
                  <LazyPart fallback={<p class="quiet result-loading">{loading()}</p>}>
                    <TimeChart title={chartTitle()} filename={pictureName()} course={drawn()} onAsk={askAboutPoint()} />
                  </LazyPart>
                </Show>
              )}
            </Show>
          </section>
        </Match>
        <Match when={shown() === 'pivot'}>
          <section class="panel" aria-labelledby="pivot">
            <h2 id="pivot">{props.names.caption}</h2>
            <Show when={totals()} fallback={<p class="quiet result-loading">{loading()}</p>}>
              {(known) => (
                <LazyPart fallback={<p class="quiet result-loading">{loading()}</p>}>
                  <PivotPanel
                    totals={known()}
                    groups={groups()}
                    amount={names().sum}
                    view={view()}
                    onView={setView}
                    onAsk={askAbout()}
                  />
                </LazyPart>
              )}
            </Show>
          </section>
        </Match>
      </Switch>
      <div class="job-columns" classList={{ 'is-flat': shown() === 'pivot' }}>
        <div class="job-main">
          <Show when={shown() !== 'pivot'}>
            <TotalsTable
              jobId={props.job.id}
              amount={amount()}
              total={amounts()[amount()]?.total ?? '0'}
              largest={props.job.top[0]?.sum ?? '0'}
              names={names()}
              isGrouped={groups().length > 1}
              changeColumns={columns()}
              changes={changes()}
              onAsk={askAboutTotal()}
            />
          </Show>
          {props.below}
        </div>
        <div class="job-side">
          {props.side(() => ({ top: top(), total: amounts()[amount()]?.total ?? '0', onAsk: askAboutLeader() }))}
        </div>
      </div>
      <AskMenu job={props.job} askOn={askOn} target={target()} onClose={() => setTarget(undefined)} />
    </>
  );

  function lineChoices() {
    const name = (place: number) => groups()[place]?.name ?? '';
    return [
      ...others().map((place) => ({ value: String(place), text: name(place) })),
      { value: 'all', text: others().map(name).join(' · ') },
    ];
  }

  function chartTitle(): string {
    return resultTexts.chart.title(names().sum, resultTexts.periods[time()?.kind ?? 'day']);
  }

  function pictureName(): string {
    return `${props.job.filename.replace(/(\.[a-z]{1,4}){1,2}$/i, '')} ${chartTitle()}`;
  }
}
