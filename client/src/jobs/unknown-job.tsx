import { Show } from 'solid-js';
import { MissingPage } from '../shell/missing-page.tsx';
import { texts } from '../texts.ts';
import type { KnownJob } from './known-job.ts';

/** The page of a job that is not known: it is being looked for, does not exist, or cannot be had. */
export function UnknownJob(props: { problem: ReturnType<KnownJob['problem']> }) {
  return (
    <Show
      when={props.problem?.isMissing}
      fallback={
        <div class="page">
          <p class="quiet" role="status">
            {props.problem?.words ?? texts.job.loading}
          </p>
        </div>
      }
    >
      <MissingPage title={texts.missing.jobTitle} hint={texts.missing.job} />
    </Show>
  );
}
