import { Show } from 'solid-js';
import { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { DoubtList } from '../jobs/doubt-list.tsx';
import { texts } from '../texts.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { sizeOfChosen } from './chosen-file.ts';
import { ColumnChoice } from './column-choice.tsx';
import { DialectSettings } from './dialect-settings.tsx';
import type { Preparation } from './preparation.ts';
import { SampleTable } from './sample-table.tsx';

/** The reading of a file before its start: what is inside, how it will be read, and what to change about that. */
export function PreparedReading(props: { preparation: Preparation }) {
  const { preparation } = props;
  const dialect = () => preparation.found()?.dialect;
  const rows = () => preparation.found()?.rows ?? [];
  const rejected = () => rows().filter((row) => row.rejectReason !== RejectReason.UNSPECIFIED).length;
  // An empty file stays empty.
  const isEmpty = () => {
    const file = preparation.file();
    return file !== undefined && sizeOfChosen(file) === 0;
  };
  const lookAgain = () => (isEmpty() ? undefined : { label: texts.prepare.again, run: preparation.lookAgain });
  return (
    <>
      <Show when={preparation.error() !== ''}>
        <ErrorNotice action={lookAgain()}>{preparation.error()}</ErrorNotice>
      </Show>
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
          <>
            <DoubtList title={texts.doubts.titleBefore} doubts={found().doubts} />
            <Show when={dialect()}>{(known) => <ColumnChoice dialect={known()} onChange={preparation.change} />}</Show>
            <Show when={dialect()}>
              {(known) => (
                <div class="sample-place" classList={{ 'is-reading': preparation.isReading() }}>
                  <Show when={rejected() > 0}>
                    <p class="sample-summary">{texts.prepare.rejectedRows(rejected(), rows().length)}</p>
                  </Show>
                  <Show when={rows().length > 0} fallback={<p class="sample-summary">{texts.prepare.noRows}</p>}>
                    <SampleTable found={found()} dialect={known()} onChange={preparation.change} />
                  </Show>
                </div>
              )}
            </Show>
          </>
        )}
      </Show>
      {/* Also when nothing was found: then the settings are the way out. */}
      <Show when={preparation.found() ?? (preparation.error() !== '' && !isEmpty())}>
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
