import { lazy, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { ChartPoint } from '../charts/time-chart.tsx';
import { filterWords, questionText } from '../jobs/question-words.ts';
import { texts } from '../texts.ts';
import { resultTexts } from '../texts-of-results.ts';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import { LazyPart } from '../ui/lazy-part.tsx';
import type { ResultView } from './result-view.ts';
import type { ShownResult } from './shown-result.ts';

// The drawing comes with the first result that has periods.
const TimeChart = lazy(() => import('../charts/time-chart.tsx'));

/** A result over time, with the choice of its lines. */
export function ChartPanel(props: {
  job: Job;
  /** The name of the amount. */
  amount: string;
  result: ShownResult;
  view: ResultView;
  onView: (change: ResultView) => void;
  onAsk: ((point: ChartPoint, place: DOMRect) => void) | undefined;
  /** Says how far the totals are loaded. */
  loading: string;
}) {
  const title = () => resultTexts.chart.title(props.amount, resultTexts.periods[props.result.time()?.kind ?? 'day']);
  const filters = () =>
    (props.job.options?.where ?? []).map((filter) => filterWords(filter, props.job.dialect?.columns ?? []));
  const lineChoices = () => {
    const name = (place: number) => props.result.groups()[place]?.name ?? '';
    const places = props.result.lineGroups();
    return [
      ...places.map((place) => ({ value: String(place), text: name(place) })),
      { value: 'all', text: places.map(name).join(' · ') },
    ];
  };
  return (
    <section class="panel" aria-labelledby="chart">
      <header class="result-head">
        <h2 id="chart">{title()}</h2>
        <Show when={props.result.lineGroups().length > 1}>
          <LabelledSelect
            label={resultTexts.chart.linesOf}
            value={String(props.view.lines === 'all' ? 'all' : props.result.lineKeys()[0])}
            options={lineChoices()}
            onChange={(value) => props.onView({ lines: value === 'all' ? value : Number(value) })}
          />
        </Show>
      </header>
      <Show when={props.result.course()} fallback={<p class="quiet result-loading">{props.loading}</p>}>
        {(course) => (
          <Show when={course().periods.length > 0} fallback={<p class="quiet">{resultTexts.chart.none}</p>}>
            <LazyPart fallback={<p class="quiet result-loading">{props.loading}</p>}>
              <TimeChart
                title={title()}
                filename={[`${withoutEnding(props.job.filename)} ${title()}`, ...filters()].join(', ')}
                notes={[texts.question.sentence(questionText(props.job)), props.job.filename]}
                course={course()}
                onAsk={props.onAsk}
              />
            </LazyPart>
          </Show>
        )}
      </Show>
    </section>
  );
}

function withoutEnding(filename: string): string {
  return filename.replace(/\.gz$/i, '').replace(/\.(csv|tsv|tab|txt)$/i, '');
}
