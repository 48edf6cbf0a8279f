import { createEffect, on, Show } from 'solid-js';
import { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { useApp } from '../app-state.ts';
import { formatBytes } from '../format/bytes.ts';
import { DoubtList } from '../jobs/doubt-list.tsx';
import { texts } from '../texts.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Icon } from '../ui/icon.tsx';
import { ColumnChoice } from './column-choice.tsx';
import { DialectSettings } from './dialect-settings.tsx';
import { sampleBytes } from './preparation.ts';
import { SampleTable } from './sample-table.tsx';

/** A file before its start: what is inside, how it will be read, and what to change about that. */
export function PreparationCard(props: { file: File }) {
  const app = useApp();
  const { preparation } = app;
  let heading!: HTMLHeadingElement;
  createEffect(
    on(
      () => props.file,
      () => heading.focus(),
    ),
  );

  const dialect = () => preparation.found()?.dialect;
  const rows = () => preparation.found()?.rows ?? [];
  const rejected = () => rows().filter((row) => row.rejectReason !== RejectReason.UNSPECIFIED).length;
  const canStart = () => {
    const found = dialect();
    const isSettled = !preparation.isReading() && !preparation.isStarting() && preparation.error() === '';
    return isSettled && found !== undefined && found.departmentIndex !== found.amountIndex;
  };

  // An empty file stays empty.
  const lookAgain = () =>
    props.file.size > 0 ? { label: texts.prepare.again, run: preparation.lookAgain } : undefined;

  return (
    <section class="panel preparation" aria-busy={preparation.isReading()}>
      <header class="preparation-head">
        <Icon name="file" />
        <div>
          <h1 ref={heading} tabindex={-1}>
            {props.file.name}
          </h1>
          <p class="quiet">
            {formatBytes(props.file.size)}
            <Show when={props.file.size > sampleBytes}> · {texts.prepare.nothingSent}</Show>
          </p>
        </div>
      </header>

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
                    <SampleTable found={found()} dialect={known()} />
                  </Show>
                </div>
              )}
            </Show>
          </>
        )}
      </Show>
      {/* Also when nothing was found: then the settings are the way out. */}
      <Show when={preparation.found() ?? (preparation.error() !== '' && props.file.size > 0)}>
        <DialectSettings
          settings={preparation.settings()}
          dialect={dialect()}
          doubts={preparation.found()?.doubts ?? []}
          onChange={preparation.change}
        />
      </Show>

      <footer class="preparation-foot">
        <Show when={preparation.startError() !== ''}>
          <ErrorNotice>{preparation.startError()}</ErrorNotice>
        </Show>
        <Show when={preparation.waiting() > 0}>
          <span class="quiet">{texts.prepare.more(preparation.waiting())}</span>
        </Show>
        <button type="button" class="button" aria-disabled={preparation.isStarting()} onClick={preparation.discard}>
          {texts.prepare.discard}
        </button>
        <button
          type="button"
          class="button button-primary"
          aria-disabled={!canStart()}
          onClick={() => canStart() && void app.startPrepared()}
        >
          {preparation.isStarting() ? texts.prepare.starting : texts.prepare.start}
        </button>
      </footer>
    </section>
  );
}
