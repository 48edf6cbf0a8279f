import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatDuration } from '../format/duration.ts';
import { progressOf, sizeOf, uploadedBytes } from '../jobs/job-figures.ts';
import { isMoving, type JobPhase } from '../jobs/job-phase.ts';
import { roundTimeLeft } from '../jobs/time-left.ts';
import { texts } from '../texts.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';

/** Upload and analysis as two bars on one scale, and the time left. */
export function LiveProgress(props: { job: Job; phase: JobPhase }) {
  const app = useApp();
  const size = () => sizeOf(props.job);
  const uploaded = () => uploadedBytes(app, props.job);
  const fraction = (bytes: number) => {
    const whole = size();
    if (whole === undefined) return undefined;
    return whole === 0 ? 1 : Math.min(1, bytes / whole);
  };
  const detail = (bytes: number) => {
    const whole = size();
    return whole === undefined ? formatBytes(bytes) : texts.job.of(formatBytes(bytes), formatBytes(whole));
  };
  const left = () => {
    if (!isMoving(props.phase)) return '';
    const seconds = app.jobs.figures(props.job.id).secondsLeft;
    if (progressOf(props.job) === 1) return texts.job.finishing;
    return seconds === undefined ? texts.job.estimating : texts.job.left(formatDuration(roundTimeLeft(seconds)));
  };
  return (
    <div class="bars">
      {/* The file of another job, or of the server, is not uploaded. */}
      <Show when={props.job.source === ''}>
        <ProgressBar
          kind="upload"
          label={texts.job.uploaded}
          detail={detail(uploaded())}
          fraction={fraction(uploaded())}
        />
      </Show>
      <ProgressBar
        kind="analysis"
        label={texts.job.analysed}
        detail={detail(Number(props.job.processedBytes))}
        fraction={fraction(Number(props.job.processedBytes))}
      />
      <p class="time-left">{left()}</p>
    </div>
  );
}
