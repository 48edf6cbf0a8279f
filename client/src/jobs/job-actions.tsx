import { Show } from 'solid-js';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { askHref, compareHref } from '../navigation/route.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import { canAskAgain } from './ask-again.ts';
import { mendsBySettings } from './ended.ts';
import { canRetry, isRunning } from './job-phase.ts';

/**
 * The actions on a job in its state. `compact` shows drawings only; the words stay for screen readers. `question` tells
 * the job from others about the same file.
 */
export function JobActions(props: { job: Job; question?: string | undefined; compact?: boolean }) {
  const app = useApp();
  const buttonClass = () => (props.compact ? 'button button-quiet button-icon' : 'button');
  const wordClass = () => (props.compact ? 'visually-hidden' : undefined);
  const name = () =>
    props.question === undefined ? props.job.filename : texts.jobs.questionOf(props.question, props.job.filename);
  const wouldFailAgain = () => props.job.state === JobState.FAILED && mendsBySettings(props.job);
  return (
    <fieldset class="actions" aria-label={texts.jobs.actions(name())}>
      <Show when={isRunning(props.job.state)}>
        <button
          type="button"
          class={buttonClass()}
          title={texts.actions.cancel}
          onClick={() => app.cancels.cancel(props.job.id)}
        >
          <Icon name="close" />
          <span class={wordClass()}>{texts.actions.cancel}</span>
        </button>
      </Show>
      <Show when={canRetry(props.job) && !wouldFailAgain()}>
        <button type="button" class={buttonClass()} title={texts.actions.retry} onClick={() => app.retry(props.job.id)}>
          <Icon name="retry" />
          <span class={wordClass()}>{texts.actions.retry}</span>
        </button>
      </Show>
      {/* A list would have it in every row. */}
      <Show when={!props.compact && canAskAgain(props.job)}>
        <a class="button" href={askHref(props.job.id)}>
          <Icon name="settings" />
          {texts.ask.link}
        </a>
      </Show>
      <Show when={!props.compact && props.job.state === JobState.SUCCEEDED && props.job.rowsProcessed > 0n}>
        <a class="button" href={compareHref(props.job.id)}>
          <Icon name="compare" />
          {texts.ask.compare}
        </a>
      </Show>
      <Show when={!isRunning(props.job.state)}>
        <button
          type="button"
          class={buttonClass()}
          title={texts.actions.delete}
          onClick={() => app.remove(props.job.id)}
        >
          <Icon name="trash" />
          <span class={wordClass()}>{texts.actions.delete}</span>
        </button>
      </Show>
    </fieldset>
  );
}
