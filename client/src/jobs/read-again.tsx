import '../styles/preparation.css';
import { createEffect, on, onCleanup, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import type { AddFilter } from '../question/question-sentence.tsx';
import { texts } from '../texts.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { PreparedFile } from '../upload/prepared-file.tsx';
import { PreparedQuestion } from '../upload/prepared-question.tsx';
import { prepareAgain } from './ask-again.ts';

/** Reads a file that is still on the server with other settings. */
export function ReadAgain(props: { job: Job }) {
  const app = useApp();
  const preparation = prepareAgain(app, props.job);
  let addFilter: AddFilter = () => {};
  onCleanup(preparation.clear);
  createEffect(on(app.jobs.status, (status) => status === 'live' && preparation.lookAgain(), { defer: true }));
  return (
    <section class="panel" aria-labelledby="read-again" aria-busy={preparation.isReading()}>
      <h2 id="read-again">{texts.readAgain.title}</h2>
      <p class="quiet">{texts.readAgain.hint}</p>
      <PreparedQuestion
        preparation={preparation}
        ref={(add) => {
          addFilter = add;
        }}
      />
      <PreparedFile preparation={preparation} onFilter={(column) => addFilter(column)} />
      <Show when={preparation.startError() !== ''}>
        <ErrorNotice>{preparation.startError()}</ErrorNotice>
      </Show>
      <div class="notice-actions">
        <button
          type="button"
          class="button button-primary"
          aria-disabled={!preparation.canStart()}
          onClick={() => preparation.canStart() && void preparation.start()}
        >
          {texts.readAgain.run}
        </button>
      </div>
    </section>
  );
}
