import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatBytesPerSecond } from '../format/bytes.ts';
import { formatCount, formatRate } from '../format/count.ts';
import { isMoving, type JobPhase } from '../jobs/job-phase.ts';
import { resultNames } from '../result/result-names.ts';
import { texts } from '../texts.ts';
import { Figure } from '../ui/figure.tsx';

/** The counts and rates of a running job. */
export function LiveFigures(props: { job: Job; phase: JobPhase }) {
  const app = useApp();
  const figures = () => app.jobs.figures(props.job.id);
  const moves = () => isMoving(props.phase) && figures().bytesPerSecond >= 1;
  return (
    <dl class="figures">
      <Figure label={texts.job.rows}>{formatCount(props.job.rowsProcessed)}</Figure>
      <Figure label={resultNames(props.job.dialect).groups}>{formatCount(props.job.departments)}</Figure>
      <Figure label={texts.job.rejected} tone={props.job.rowsRejected > 0n ? 'bad' : undefined}>
        {formatCount(props.job.rowsRejected)}
      </Figure>
      <Figure label={texts.job.rowsPerSecond}>{moves() ? formatRate(figures().rowsPerSecond) : '–'}</Figure>
      <Figure label={texts.job.speed}>{moves() ? formatBytesPerSecond(figures().bytesPerSecond) : '–'}</Figure>
    </dl>
  );
}
