import '../styles/result.css';
import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatCount } from '../format/count.ts';
import { mendsBySettings } from '../jobs/ended.ts';
import { sizeOf } from '../jobs/job-figures.ts';
import { canRetry } from '../jobs/job-phase.ts';
import { ReadAgain } from '../jobs/read-again.tsx';
import { texts } from '../texts.ts';
import { Figure } from '../ui/figure.tsx';
import { Downloads } from './downloads.tsx';
import { EndedNotice } from './ended-notice.tsx';
import { RejectsPanel } from './rejects-panel.tsx';
import { resultNames } from './result-names.ts';

/** A job that ended without a result: why, what now, and how far it came. */
export default function JobEnded(props: { job: Job }) {
  return (
    <>
      <EndedNotice job={props.job} />
      <Show when={canRetry(props.job) && mendsBySettings(props.job)}>
        <ReadAgain job={props.job} />
      </Show>
      <section class="panel">
        <dl class="figures">
          <Figure label={texts.job.size}>{formatBytes(sizeOf(props.job) ?? props.job.receivedBytes)}</Figure>
          <Figure label={texts.job.analysed}>{formatBytes(props.job.processedBytes)}</Figure>
          <Figure label={texts.job.rows}>{formatCount(props.job.rowsProcessed)}</Figure>
          <Figure label={resultNames(props.job.dialect).groups}>{formatCount(props.job.departments)}</Figure>
          <Figure label={texts.job.rejected} tone={props.job.rowsRejected > 0n ? 'bad' : undefined}>
            {formatCount(props.job.rowsRejected)}
          </Figure>
        </dl>
      </section>
      <Show when={props.job.rowsRejected > 0n}>
        <RejectsPanel job={props.job} />
      </Show>
      <Show when={props.job.rejectsStored > 0n}>
        <Downloads job={props.job} />
      </Show>
    </>
  );
}
