import { createSignal, For, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatCount } from '../format/count.ts';
import { formatDecimal } from '../format/decimal.ts';
import { formatExactTime, formatWhen } from '../format/timestamp.ts';
import { canAskAgain } from '../jobs/ask-again.ts';
import { DoubtMark } from '../jobs/doubt-mark.tsx';
import { passesSearch } from '../jobs/job-filter.ts';
import { questionText } from '../jobs/question-words.ts';
import { askHref } from '../navigation/route.ts';
import { createNow } from '../reactive/now.ts';
import { compareTexts } from '../texts-of-comparisons.ts';
import { Icon } from '../ui/icon.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { compareViewHref } from './compare-view.ts';
import type { Fit } from './match.ts';
import { sameQuestionQuery } from './same-question.ts';

const words = compareTexts.choice;
/** With more of them, the list can be searched, and comes in parts. */
const fewResults = 8;
const moreAtOnce = 50;
/** For words such as "5 minutes ago". */
const everyMs = 30_000;

/** The results that one can be compared with: those with the same question first. */
export function ResultChoice(props: {
  job: Job;
  offered: Record<Fit, readonly Job[]>;
  /** Whether two periods of the result can be compared instead. */
  hasPeriods: boolean;
}) {
  const [search, setSearch] = createSignal('');
  const nowMs = createNow(everyMs);
  const count = () => props.offered.sameQuestion.length + props.offered.otherAmounts.length;
  const matching = (fit: Fit) => props.offered[fit].filter((job) => passesSearch(job, search()));
  const noneFound = () => matching('sameQuestion').length + matching('otherAmounts').length === 0;
  return (
    <section class="panel compare-choice" aria-labelledby="compare-choice">
      <header class="totals-tools">
        <h2 id="compare-choice">{words.title}</h2>
        <Show when={count() > fewResults}>
          <SearchField label={words.search} onInput={setSearch} />
        </Show>
      </header>
      <Show when={count() === 0}>
        <p>
          {words.none} {words.noneHint(questionText(props.job))}
        </p>
      </Show>
      <Show when={count() > 0 && noneFound()}>
        <p role="status">{words.noneFound}</p>
      </Show>
      <Results title={words.same} job={props.job} results={matching('sameQuestion')} nowMs={nowMs()} />
      <Results title={words.otherAmounts} job={props.job} results={matching('otherAmounts')} nowMs={nowMs()} />
      <Show when={props.offered.otherGroups.length > 0}>
        <p class="quiet">{words.others(formatCount(props.offered.otherGroups.length))}</p>
      </Show>
      <div class="actions">
        <Show when={canAskAgain(props.job)}>
          <a class="button" href={`${askHref(props.job.id)}?${sameQuestionQuery(props.job)}`}>
            <Icon name="settings" />
            {words.askThis}
          </a>
        </Show>
        <Show when={props.hasPeriods}>
          <a class="button" href={compareViewHref(props.job.id, { of: 'periods' })}>
            <Icon name="compare" />
            {words.periods}
          </a>
        </Show>
      </div>
    </section>
  );
}

function Results(props: { title: string; job: Job; results: readonly Job[]; nowMs: number }) {
  const [shown, setShown] = createSignal(moreAtOnce);
  return (
    <Show when={props.results.length > 0}>
      <h3>{props.title}</h3>
      <ul class="compare-results">
        <For each={props.results.slice(0, shown())}>
          {(result) => (
            <li>
              <a href={compareViewHref(props.job.id, { with: result.id })}>
                {result.filename}
                <span class="visually-hidden">, {questionText(result)}</span>
              </a>
              <span class="compare-result-total number">{formatDecimal(result.total)}</span>
              <span class="quiet">
                {questionText(result)}
                <Show when={result.createTime}>
                  {(time) => <span title={formatExactTime(time())}> · {formatWhen(time(), props.nowMs)}</span>}
                </Show>
              </span>
              <DoubtMark doubts={result.doubts} />
              <Icon name="forward" />
            </li>
          )}
        </For>
      </ul>
      <Show when={props.results.length > shown()}>
        <button type="button" class="button" onClick={() => setShown((many) => many + moreAtOnce)}>
          {words.more}
        </button>
      </Show>
    </Show>
  );
}
