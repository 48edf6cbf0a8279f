import { Show } from 'solid-js';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { asSentence } from '../api/error-text.ts';
import { mendsBySettings } from '../jobs/ended.ts';
import { canRetry, noRowCounts } from '../jobs/job-phase.ts';
import { StartAgain } from '../jobs/start-again.tsx';
import { texts } from '../texts.ts';
import { pathOfSource } from '../upload/chosen-file.ts';
import { RejectedExamples } from './rejected-examples.tsx';

/** Why a job ended without a result, and what now. */
export function EndedNotice(props: { job: Job }) {
  const hasFailed = () => props.job.state === JobState.FAILED;
  const isUncounted = () => props.job.error?.code === noRowCounts;
  const title = () => {
    if (isUncounted()) return texts.job.uncountedTitle;
    return hasFailed() ? texts.job.failedTitle : texts.job.canceledTitle;
  };
  const hint = () => {
    const path = pathOfSource(props.job.source);
    if (!canRetry(props.job) && path !== '') return texts.job.sourceGone(path);
    if (canRetry(props.job)) return hasFailed() ? texts.job.failedRetry : texts.job.canceledRetry;
    return hasFailed() ? texts.job.failedHint : texts.job.canceledHint;
  };
  const needsHint = () => !(hasFailed() && canRetry(props.job) && mendsBySettings(props.job));
  return (
    <section class="notice notice-large" data-tone={hasFailed() ? 'bad' : 'quiet'}>
      <h2>{title()}</h2>
      <Show when={texts.failures[props.job.error?.code ?? '']}>{(words) => <p>{words()}</p>}</Show>
      <Show when={hasFailed() && props.job.error?.message}>
        {(message) => <p classList={{ quiet: !isUncounted() }}>{asSentence(message())}</p>}
      </Show>
      <Show when={isUncounted() && props.job.rejectsStored > 0n}>
        <RejectedExamples job={props.job} />
      </Show>
      <Show when={needsHint()}>
        <p class="quiet">{hint()}</p>
      </Show>
      <Show when={!canRetry(props.job) && pathOfSource(props.job.source) === ''}>
        <div class="notice-actions">
          <StartAgain job={props.job} label={texts.startAgain.newFile} chooseLabel={texts.startAgain.newFile} />
        </div>
      </Show>
    </section>
  );
}
