import { lazy, Match, Show, Switch } from 'solid-js';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from './app-state.ts';
import { phaseOf } from './jobs/job-figures.ts';
import type { JobPhase } from './jobs/job-phase.ts';
import { createKnownJob } from './jobs/known-job.ts';
import { UnknownJob } from './jobs/unknown-job.tsx';
import { AwaitedUpload } from './live/awaited-upload.tsx';
import { JobHead } from './live/job-head.tsx';
import { JobLive } from './live/job-live.tsx';
import { texts } from './texts.ts';
import { LazyPart } from './ui/lazy-part.tsx';

// The table of totals comes with the first result that is looked at.
const JobResult = lazy(() => import('./result/job-result.tsx'));
const FilterChips = lazy(() => import('./ask-on/filter-chips.tsx'));
const JobEnded = lazy(() => import('./result/job-ended.tsx'));
const endedPhases: readonly JobPhase[] = ['uncounted', 'failed', 'canceled'];

/** One job, in whatever state it is. */
export function JobPage(props: { id: string }) {
  const app = useApp();
  const { job, problem } = createKnownJob(() => props.id);
  return (
    <Show when={job()} fallback={<UnknownJob problem={problem()} />}>
      {(known) => (
        <article class="page">
          <JobHead job={known()} phase={phaseOf(app, known())} />
          <Show when={known().options?.where.length}>
            <LazyPart fallback={<p class="quiet">{texts.job.loading}</p>}>
              <FilterChips job={known()} />
            </LazyPart>
          </Show>
          <Switch fallback={<JobLive job={known()} phase={phaseOf(app, known())} />}>
            <Match when={known().state === JobState.SUCCEEDED}>
              <LazyPart fallback={<p class="quiet">{texts.totals.loading}</p>}>
                <JobResult job={known()} />
              </LazyPart>
            </Match>
            <Match when={endedPhases.includes(phaseOf(app, known()))}>
              <LazyPart fallback={<p class="quiet">{texts.job.loading}</p>}>
                <JobEnded job={known()} />
              </LazyPart>
            </Match>
            <Match when={phaseOf(app, known()) === 'awaiting'}>
              <AwaitedUpload job={known()} />
            </Match>
          </Switch>
        </article>
      )}
    </Show>
  );
}
