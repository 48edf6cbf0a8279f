import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatDuration } from '../format/duration.ts';
import { texts } from '../texts.ts';
import { SendFile } from './send-file.tsx';

/** An upload of which a part has arrived, and no more comes. */
export function ResumeUpload(props: { job: Job }) {
  const app = useApp();
  const failure = () => app.uploads.find(props.job.id)?.error;
  const canResume = () => Boolean(failure()) && app.uploads.find(props.job.id)?.canResume === true;
  const quiet = () => texts.job.quiet(formatDuration(roundDown(app.jobs.figures(props.job.id).quietSeconds)));
  return (
    <div class="notice" data-tone="warning">
      <Show
        when={failure()}
        fallback={
          <p>
            {quiet()} {props.job.uploadUrl ? texts.job.interruptedHint : texts.job.interruptedNoResume}
          </p>
        }
      >
        <p>{failure()}</p>
      </Show>
      <Show when={props.job.uploadUrl !== ''}>
        <div class="notice-actions">
          <Show when={canResume()}>
            <button type="button" class="button button-primary" onClick={() => app.uploads.resume(props.job.id)}>
              {texts.job.resume}
            </button>
          </Show>
          <SendFile job={props.job} label={texts.job.resumeInput} isPrimary={!canResume()} />
        </div>
      </Show>
    </div>
  );
}

/** In steps that a reader does not see flicker. */
function roundDown(seconds: number): number {
  const step = seconds < 60 ? 5 : 60;
  return Math.floor(seconds / step) * step;
}
