import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { JobActions } from '../jobs/job-actions.tsx';
import { isRunning, type JobPhase } from '../jobs/job-phase.ts';
import { isDetailed, questionText } from '../jobs/question-words.ts';
import { StateBadge } from '../jobs/state-badge.tsx';
import { homeHref } from '../navigation/route.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';

/** The name of a job, its state and what can be done with it. */
export function JobHead(props: { job: Job; phase: JobPhase }) {
  const isKnown = () => props.job.dialect !== undefined || isDetailed(props.job);
  // Its line keeps its place until the columns are known: the page does not jump.
  const hasQuestion = () => isKnown() || isRunning(props.job.state);
  const question = () => (isKnown() ? texts.question.sentence(questionText(props.job)) : texts.jobs.questionUnknown);
  return (
    <header class="job-head">
      <a class="back" href={homeHref}>
        <Icon name="back" />
        {texts.job.back}
      </a>
      <h1 tabindex={-1}>{props.job.filename}</h1>
      <Show when={hasQuestion()}>
        <p class="quiet job-head-question">{question()}</p>
      </Show>
      <p class="job-head-state" role="status">
        <StateBadge phase={props.phase} />
      </p>
      <JobActions job={props.job} />
    </header>
  );
}
