import { create } from '@bufbuild/protobuf';
import { Show } from 'solid-js';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { CsvOptionsSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { asSentence } from '../api/error-words.ts';
import { canRetry } from '../lib/job-phase.ts';
import { useApp } from '../state/app-state.tsx';
import { texts } from '../texts.ts';

/** What other settings than those of the job can put right. */
const settingsErrors = new Set([
  'COLUMN_NOT_FOUND',
  'COLUMN_AMBIGUOUS',
  'TOO_FEW_COLUMNS',
  'HEADER_TOO_LONG',
  'OPTION_INVALID',
  'ENCODING_UNKNOWN',
  'TOO_MANY_DEPARTMENTS',
]);

/** Why a job ended without a result, and what now. */
export function EndedNotice(props: { job: Job }) {
  const app = useApp();
  const hasFailed = () => props.job.state === JobState.FAILED;
  const needsSettings = () => settingsErrors.has(props.job.error?.code ?? '');
  const hint = () => {
    if (canRetry(props.job)) return hasFailed() ? texts.job.failedRetry : texts.job.canceledRetry;
    return hasFailed() ? texts.job.failedHint : texts.job.canceledHint;
  };
  return (
    <section class="notice notice-large" data-tone={hasFailed() ? 'bad' : 'quiet'}>
      <h2>{hasFailed() ? texts.job.failedTitle : texts.job.canceledTitle}</h2>
      <Show when={texts.failures[props.job.error?.code ?? '']}>{(words) => <p>{words()}</p>}</Show>
      <Show when={hasFailed() && props.job.error?.message}>
        {(message) => <p class="quiet">{asSentence(message())}</p>}
      </Show>
      <Show when={!needsSettings()}>
        <p class="quiet">{hint()}</p>
      </Show>
      <Show when={needsSettings() || !canRetry(props.job)}>
        <div class="notice-actions">
          <Show when={needsSettings() && canRetry(props.job)}>
            <button
              type="button"
              class="button button-primary"
              onClick={() => void app.retry(props.job.id, create(CsvOptionsSchema))}
            >
              {texts.startAgain.detected}
            </button>
          </Show>
          <button type="button" class="button" onClick={() => app.startAgain(props.job.id)}>
            {needsSettings() ? texts.startAgain.otherSettings : texts.startAgain.newFile}
          </button>
        </div>
      </Show>
    </section>
  );
}
