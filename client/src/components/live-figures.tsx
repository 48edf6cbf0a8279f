import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatBytesPerSecond } from '../lib/bytes.ts';
import { formatCount, formatRate } from '../lib/count.ts';
import { isMoving, type JobPhase } from '../lib/job-phase.ts';
import { resultNames } from '../lib/result-names.ts';
import { useApp } from '../state/app-state.tsx';
import { texts } from '../texts.ts';
import { Figure } from './figure.tsx';

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
