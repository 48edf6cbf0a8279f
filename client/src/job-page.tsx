import { createEffect, createSignal, lazy, Match, on, onCleanup, Switch } from 'solid-js';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { describeError, isNotFound } from './api/error-text.ts';
import { useApp } from './app-state.ts';
import { phaseOf } from './jobs/job-figures.ts';
import type { JobPhase } from './jobs/job-phase.ts';
import { AwaitedUpload } from './live/awaited-upload.tsx';
import { JobHead } from './live/job-head.tsx';
import { JobLive } from './live/job-live.tsx';
import { MissingPage } from './shell/missing-page.tsx';
import { texts } from './texts.ts';
import { LazyPart } from './ui/lazy-part.tsx';

// The table of totals comes with the first result that is looked at.
const JobResult = lazy(() => import('./result/job-result.tsx'));
const JobEnded = lazy(() => import('./result/job-ended.tsx'));
const endedPhases: readonly JobPhase[] = ['uncounted', 'failed', 'canceled'];

/** One job, in whatever state it is. */
export function JobPage(props: { id: string }) {
  const app = useApp();
  const job = () => app.jobs.find(props.id);
  const [problem, setProblem] = createSignal<{ isMissing: boolean; words: string }>();

  // The stream brings the newest jobs. An older one is fetched, again after every reconnect.
  createEffect(
    on([() => props.id, app.jobs.status, () => job() === undefined], ([id, status, isUnknown]) => {
      setProblem(undefined);
      if (!isUnknown || status !== 'live') return;
      const abort = new AbortController();
      onCleanup(() => abort.abort());
      app.jobs.load(id, abort.signal).catch((error) => {
        if (!abort.signal.aborted) setProblem({ isMissing: isNotFound(error), words: describeError(error) });
      });
    }),
  );

  return (
    <Switch
      fallback={
        <div class="page">
          <p class="quiet" role="status">
            {problem()?.words ?? texts.job.loading}
          </p>
        </div>
      }
    >
      <Match when={job()}>
        {(known) => (
          <article class="page">
            <JobHead job={known()} phase={phaseOf(app, known())} />
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
      </Match>
      <Match when={problem()?.isMissing}>
        <MissingPage title={texts.missing.jobTitle} hint={texts.missing.job} />
      </Match>
    </Switch>
  );
}
