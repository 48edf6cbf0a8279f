import './ask-on.css';
import { For, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { filterPhrases, filterWords } from '../jobs/question-words.ts';
import { resultTexts } from '../texts-of-results.ts';
import { Icon } from '../ui/icon.tsx';
import { createAskOn } from './ask-on.ts';
import { withoutFilter } from './narrowed.ts';

const words = resultTexts.askOn;

/** The filters of a question. While its file is kept, each can be taken away, which asks anew. */
export default function FilterChips(props: { job: Job }) {
  const askOn = createAskOn(useApp(), () => props.job);
  const filters = () => props.job.options?.where ?? [];
  const wordsOf = (filter: RowFilter) => filterWords(filter, props.job.dialect?.columns ?? []);
  return (
    <Show when={filters().length > 0}>
      <section class="filter-chips" aria-label={words.filters}>
        <span class="quiet" aria-hidden="true">
          {words.filters}
        </span>
        <ul>
          <For each={filters()}>
            {(filter, index) => (
              <li class="filter-chip">
                <span>
                  <For each={filterPhrases(filter, props.job.dialect?.columns ?? [])}>
                    {({ text, isBound }) => <span classList={{ unbroken: isBound }}>{text}</span>}
                  </For>
                </span>
                <Show when={props.job.fileKept}>
                  <button
                    type="button"
                    aria-label={words.without(wordsOf(filter))}
                    title={words.without(wordsOf(filter))}
                    aria-disabled={askOn.isAsking()}
                    onClick={() => void askOn.ask(withoutFilter(props.job, index()))}
                  >
                    <Icon name="close" />
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
        <Show when={props.job.rowsFiltered > 0n}>
          <span class="quiet">{words.leftOut(formatCount(props.job.rowsFiltered))}</span>
        </Show>
      </section>
    </Show>
  );
}
