import { lazy, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { DoubtList } from '../jobs/doubt-list.tsx';
import type { JobPhase } from '../jobs/job-phase.ts';
import { Ranking } from '../jobs/ranking.tsx';
import { RejectReasons } from '../jobs/reject-reasons.tsx';
import { TotalLine } from '../jobs/total-line.tsx';
import { resultNames } from '../result/result-names.ts';
import { texts } from '../texts.ts';
import { LazyPart } from '../ui/lazy-part.tsx';
import { JobHint } from './job-hint.tsx';
import { LiveFigures } from './live-figures.tsx';
import { LiveProgress } from './live-progress.tsx';
import { NotifyButton } from './notify-button.tsx';

// The drawing comes with the first job that is watched.
const Sparkline = lazy(() => import('./sparkline.tsx'));
const LiveCourse = lazy(() => import('./live-course.tsx'));

/** A job while it runs. */
export function JobLive(props: { job: Job; phase: JobPhase }) {
  const { jobs } = useApp();
  const hasCourse = () => jobs.speeds(props.job.id)[0].length > 0;
  // Rejected rows are counted below, with their reasons.
  const doubts = () => props.job.doubts.filter(({ code }) => code !== 'ROWS_REJECTED');
  return (
    <div class="job-columns">
      <div class="job-main">
        <JobHint job={props.job} phase={props.phase} />
        <section class="panel">
          <div class="total-and-doubts">
            <TotalLine label={texts.job.totalSoFar} total={props.job.total} />
            <DoubtList title={texts.doubts.titleSoFar} doubts={doubts()} />
          </div>
          <LiveProgress job={props.job} phase={props.phase} />
          <LiveFigures job={props.job} phase={props.phase} />
          {/* Its place is kept while it loads: nothing jumps. */}
          <Show when={props.phase !== 'interrupted' || hasCourse()}>
            <LazyPart fallback={<div class="speed" />}>
              <Sparkline jobId={props.job.id} />
            </LazyPart>
          </Show>
          <NotifyButton />
        </section>
        <Show when={jobs.course(props.job.id)}>
          {(course) => (
            <LazyPart fallback={<div />}>
              <LiveCourse job={props.job} course={course()} />
            </LazyPart>
          )}
        </Show>
        <Show when={props.job.rowsRejected > 0n}>
          <section class="panel" aria-labelledby="why">
            <h2 id="why">{texts.job.rejectedByReason}</h2>
            <RejectReasons counts={props.job.rejectedByReason} />
          </section>
        </Show>
      </div>
      <Ranking top={props.job.top} total={props.job.total} names={resultNames(props.job.dialect)} />
    </div>
  );
}
