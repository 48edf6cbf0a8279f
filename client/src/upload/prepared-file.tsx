import { Show } from 'solid-js';
import { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import type { AddFilter } from '../question/question-sentence.tsx';
import { SampleTable } from '../question/sample-table.tsx';
import { texts } from '../texts.ts';
import { preparationTexts } from '../texts-of-questions.ts';
import { DialectSettings } from './dialect-settings.tsx';
import type { Preparation } from './preparation.ts';
import { isEmpty } from './prepared-question.tsx';

/** A file before its start: what is inside, how it will be read, and what to change about that. */
export function PreparedFile(props: { preparation: Preparation; onFilter: AddFilter }) {
  const { preparation } = props;
  const dialect = () => preparation.found()?.dialect;
  const rows = () => preparation.found()?.rows ?? [];
  const rejected = () => rows().filter((row) => row.rejectReason !== RejectReason.UNSPECIFIED).length;
  const filtered = () => rows().filter((row) => row.filtered).length;
  return (
    <>
      <Show
        // Findings with earlier settings would contradict the error.
        when={preparation.error() === '' && preparation.found()}
        fallback={
          <Show when={preparation.isReading()}>
            <p class="quiet preparation-wait">{texts.prepare.reading}</p>
          </Show>
        }
      >
        {(found) => (
          <Show when={dialect()}>
            {(known) => (
              <div class="sample-place" classList={{ 'is-reading': preparation.isReading() }}>
                <Show when={rejected() > 0}>
                  <p class="sample-summary">{preparationTexts.rejectedRows(rejected(), rows().length)}</p>
                </Show>
                <Show when={filtered() > 0}>
                  <p class="quiet">{preparationTexts.filteredRows(filtered(), rows().length)}</p>
                </Show>
                <Show when={rows().length > 0} fallback={<p class="sample-summary">{preparationTexts.noRows}</p>}>
                  <SampleTable
                    found={found()}
                    dialect={known()}
                    question={preparation.settings()}
                    onChange={preparation.change}
                    onFilter={props.onFilter}
                  />
                </Show>
              </div>
            )}
          </Show>
        )}
      </Show>
      {/* Also when nothing was found: then the settings are the way out. */}
      <Show when={preparation.found() ?? (preparation.error() !== '' && !isEmpty(preparation))}>
        <DialectSettings
          settings={preparation.settings()}
          dialect={dialect()}
          doubts={preparation.found()?.doubts ?? []}
          onChange={preparation.change}
        />
      </Show>
    </>
  );
}
