import { type JSX, lazy, Match, Show, Switch } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { useApp } from '../app-state.ts';
import { AskMenu } from '../ask-on/ask-menu.tsx';
import { createAskOn } from '../ask-on/ask-on.ts';
import { formatCount } from '../format/count.ts';
import { mostLoadedGroups } from '../groups/all-totals.ts';
import { otherAmounts } from '../groups/amounts.ts';
import { texts } from '../texts.ts';
import { resultTexts } from '../texts-of-results.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import { LazyPart } from '../ui/lazy-part.tsx';
import { createAskedAbout } from './asked-about.ts';
import { ChartPanel } from './chart-panel.tsx';
import type { ResultNames } from './result-names.ts';
import { createResultView } from './result-view.ts';
import { createShownResult } from './shown-result.ts';
import { TotalsTable } from './totals-table.tsx';
import { ViewSwitch } from './view-switch.tsx';

// It comes with the first pivot that is looked at.
const PivotPanel = lazy(() => import('../pivot/pivot-panel.tsx'));

/** The groups with the largest sums of the amount that is shown. */
interface Leaders {
  top: readonly Total[];
  total: string;
  /** Offers questions about a group by its name; undefined if none can be asked. */
  onAsk: ((department: string, place: DOMRect) => void) | undefined;
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
  const job = () => props.job;
  const [view, setView] = createResultView();
  const result = createShownResult(app.gateway, job, view);
  const askOn = createAskOn(app, job);
  const about = createAskedAbout(job, result);
  const names = (): ResultNames => {
    if (!props.job.dialect?.amounts.length) return props.names;
    const sum = result.amounts()[result.amount()]?.name ?? '';
    return { ...props.names, sum, ...(hasAmounts() && { figuresOf: sum }) };
  };
  const hasSwitch = () => result.views().length > 1 && !result.isTooLarge();
  const hasAmounts = () => result.amounts().length > 1;
  const loading = () => resultTexts.loading(formatCount(result.all.loaded()), formatCount(props.job.departments));
  return (
    <>
      <Show when={result.views().length > 1 && result.isTooLarge()}>
        <p class="notice">{resultTexts.tooMany(formatCount(mostLoadedGroups), formatCount(props.job.departments))}</p>
      </Show>
      <Show when={hasSwitch() || hasAmounts()}>
        <div class="result-tools">
          <Show when={hasSwitch()}>
            <ViewSwitch views={result.views()} shown={result.view()} onChoose={(name) => setView({ view: name })} />
          </Show>
          <Show when={hasAmounts()}>
            <LabelledSelect
              class="amount-choice"
              label={resultTexts.amounts.label}
              value={String(result.amount())}
              options={result.amounts().map(({ name }, place) => ({ value: String(place), text: name }))}
              onChange={(value) => setView({ amount: Number(value) })}
            />
          </Show>
        </div>
      </Show>
      <Show when={result.all.error() !== ''}>
        <ErrorNotice action={{ label: texts.totals.again, run: result.all.again }}>{result.all.error()}</ErrorNotice>
      </Show>
      <Switch>
        <Match when={result.view() === 'chart'}>
          <ChartPanel
            job={props.job}
            amount={names().sum}
            result={result}
            view={view()}
            onView={setView}
            onAsk={about.point()}
            loading={loading()}
          />
        </Match>
        <Match when={result.view() === 'pivot'}>
          <section class="panel" aria-labelledby="pivot">
            <h2 id="pivot">{props.names.caption}</h2>
            <Show when={result.totals()} fallback={<p class="quiet result-loading">{loading()}</p>}>
              {(totals) => (
                <LazyPart fallback={<p class="quiet result-loading">{loading()}</p>}>
                  <PivotPanel
                    totals={totals()}
                    groups={result.groups()}
                    amount={names().sum}
                    view={view()}
                    onView={setView}
                    onAsk={about.picks()}
                  />
                </LazyPart>
              )}
            </Show>
          </section>
        </Match>
      </Switch>
      <div class="job-columns" classList={{ 'is-flat': result.view() === 'pivot' }}>
        <div class="job-main">
          <Show when={result.view() !== 'pivot'}>
            <TotalsTable
              jobId={props.job.id}
              amount={result.amount()}
              others={otherAmounts(result.amounts(), result.amount())}
              onAmount={(place) => setView({ amount: place })}
              total={result.total()}
              largest={props.job.top[0]?.sum ?? '0'}
              names={names()}
              isGrouped={result.groups().length > 1}
              changeColumns={result.changeColumns()}
              changes={result.changes()}
              totals={result.totals()}
              order={view().order}
              onOrder={(order) => setView({ order })}
              onAsk={about.total()}
            />
          </Show>
          {props.below}
        </div>
        <div class="job-side">
          {props.side(() => ({ top: result.top(), total: result.total(), onAsk: about.leader() }))}
        </div>
      </div>
      <AskMenu job={props.job} askOn={askOn} target={about.target()} onClose={about.close} />
    </>
  );
}
