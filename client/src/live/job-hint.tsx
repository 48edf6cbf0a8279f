import { Match, Switch } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatBytesPerSecond } from '../format/bytes.ts';
import { formatDuration } from '../format/duration.ts';
import type { JobPhase } from '../jobs/job-phase.ts';
import { mostFrequent, rejectAdvice } from '../jobs/reject-advice.ts';
import { reasonWord } from '../jobs/reject-reason.ts';
import { roundTimeLeft } from '../jobs/time-left.ts';
import { texts } from '../texts.ts';
import { ResumeUpload } from '../upload/resume-upload.tsx';

/** An upload that needs so much longer is worth a word: nobody sits and waits for it. */
const slowSeconds = 15 * 60;
/** When so many rows are rejected and none has counted, the settings do not fit the file. */
const hopelessRows = 1000n;

function nothingCounts(job: Job): boolean {
  return job.rowsProcessed === 0n && job.rowsRejected >= hopelessRows;
}

/** Says what a job waits for, and what its reader can do about it. */
export function JobHint(props: { job: Job; phase: JobPhase }) {
  const app = useApp();
  const words: Partial<Record<JobPhase, string>> = {
    queued: texts.job.queuedHint,
    uploadQueued: texts.job.uploadQueuedHint,
    retrying: texts.job.retryingHint,
    stopped: texts.job.stoppedHint,
  };
  const figures = () => app.jobs.figures(props.job.id);
  const isSlow = () => props.phase === 'uploading' && (figures().secondsLeft ?? 0) > slowSeconds;
  const slowWords = () => {
    const hint = props.job.filename.endsWith('.gz') ? texts.job.slowHintPacked : texts.job.slowHint;
    const { bytesPerSecond, secondsLeft = 0 } = figures();
    return hint(formatBytesPerSecond(bytesPerSecond), formatDuration(roundTimeLeft(secondsLeft)));
  };
  return (
    <Switch>
      <Match when={props.phase === 'interrupted'}>
        <ResumeUpload job={props.job} />
      </Match>
      {/* Right after a reload nobody knows yet whether bytes still arrive. */}
      <Match when={props.phase === 'elsewhere' && app.jobs.figures(props.job.id).bytesPerSecond > 0}>
        <p class="notice">{texts.job.elsewhereHint}</p>
      </Match>
      <Match when={nothingCounts(props.job)}>
        <p class="notice" data-tone="warning">
          {texts.job.nothingCounts(reasonWord(mostFrequent(props.job)))} {rejectAdvice(mostFrequent(props.job))}
        </p>
      </Match>
      <Match when={isSlow()}>
        <p class="notice">{slowWords()}</p>
      </Match>
      <Match when={words[props.phase]}>{(hint) => <p class="notice">{hint()}</p>}</Match>
    </Switch>
  );
}
