import { Show } from 'solid-js';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatCount, formatPercent } from '../format/count.ts';
import { formatDecimal } from '../format/decimal.ts';
import { formatExactTime, formatWhen } from '../format/timestamp.ts';
import { jobHref } from '../navigation/route.ts';
import { texts } from '../texts.ts';
import { Fill } from '../ui/fill.tsx';
import { pathOfSource } from '../upload/chosen-file.ts';
import { DoubtMark } from './doubt-mark.tsx';
import { JobActions } from './job-actions.tsx';
import { phaseOf, progressOf, sizeOf } from './job-figures.ts';
import { isRunning } from './job-phase.ts';
import type { Question } from './question.ts';
import { isDetailed, questionText } from './question-words.ts';
import { StateBadge } from './state-badge.tsx';

/** A job in the list: its whole surface opens it. With a `question` it is one of several about a file. */
export function JobRow(props: { job: Job; question: Question | undefined; nowMs: number }) {
  const app = useApp();
  const phase = () => phaseOf(app, props.job);
  const progress = () => progressOf(props.job);
  // The total of a job that ended early would be taken for a result.
  const hasTotal = () =>
    props.job.rowsProcessed > 0n && (isRunning(props.job.state) || props.job.state === JobState.SUCCEEDED);
  const rows = () =>
    props.job.rowsProcessed === 1n ? texts.jobs.oneRow : texts.jobs.rows(formatCount(props.job.rowsProcessed));
  return (
    <div class="job-row">
      <div class="job-row-name">
        <Show
          when={props.question}
          fallback={
            <a href={jobHref(props.job.id)} title={pathOfSource(props.job.source) || props.job.filename}>
              {props.job.filename}
            </a>
          }
        >
          {(question) => (
            <a href={jobHref(props.job.id)} title={question().text}>
              {question().text}
              <span class="visually-hidden">, {props.job.filename}</span>
            </a>
          )}
        </Show>
        <span class="quiet">
          <Show when={!props.question}>{formatBytes(sizeOf(props.job) ?? props.job.receivedBytes)} · </Show>
          <Show when={props.job.createTime}>
            {(time) => (
              <time dateTime={new Date(Number(time().seconds) * 1000).toISOString()} title={formatExactTime(time())}>
                {formatWhen(time(), props.nowMs)}
              </time>
            )}
          </Show>
          <Show when={!props.question && isDetailed(props.job)}> · {questionText(props.job)}</Show>
          {props.question?.settings.map((setting) => ` · ${setting}`)}
        </span>
      </div>
      <div class="job-row-state">
        <StateBadge phase={phase()} />
        <Show when={isRunning(props.job.state) && phase() !== 'awaiting' && progress() !== undefined}>
          <span class="number quiet">{formatPercent(progress() ?? 0)}</span>
          <span class="mini-bar" aria-hidden="true">
            <Fill share={progress() ?? 0} />
          </span>
        </Show>
        <Show when={hasTotal()}>
          <DoubtMark doubts={props.job.doubts} />
        </Show>
      </div>
      <div class="job-row-total">
        <Show when={hasTotal()}>
          <span class="number">{formatDecimal(props.job.total)}</span>
          <span class="quiet number">{rows()}</span>
        </Show>
      </div>
      <JobActions job={props.job} question={props.question?.text} compact />
    </div>
  );
}
