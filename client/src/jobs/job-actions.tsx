import { Show } from 'solid-js';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import { mendsBySettings } from './ended.ts';
import { canRetry, isRunning } from './job-phase.ts';

/** The actions on a job in its state. `compact` shows drawings only; the words stay for screen readers. */
export function JobActions(props: { job: Job; compact?: boolean }) {
  const app = useApp();
  const buttonClass = () => (props.compact ? 'button button-quiet button-icon' : 'button');
  const wordClass = () => (props.compact ? 'visually-hidden' : undefined);
  const wouldFailAgain = () => props.job.state === JobState.FAILED && mendsBySettings(props.job);
  return (
    <fieldset class="actions" aria-label={texts.jobs.actions(props.job.filename)}>
      <Show when={isRunning(props.job.state)}>
        <button
          type="button"
          class={buttonClass()}
          title={texts.actions.cancel}
          onClick={() => app.cancel(props.job.id)}
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
