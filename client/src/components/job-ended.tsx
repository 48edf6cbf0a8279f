import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatBytes } from '../lib/bytes.ts';
import { formatCount } from '../lib/count.ts';
import { texts } from '../texts.ts';
import { EndedNotice } from './ended-notice.tsx';
import { Figure } from './figure.tsx';
import { sizeOf } from './job-view.ts';
import { RejectReasons } from './reject-reasons.tsx';

/** A job that ended without a result: why, what now, and how far it came. */
export function JobEnded(props: { job: Job }) {
  return (
    <>
      <EndedNotice job={props.job} />
      <section class="panel">
        <dl class="figures">
          <Figure label={texts.job.size}>{formatBytes(sizeOf(props.job) ?? props.job.receivedBytes)}</Figure>
          <Figure label={texts.job.analysed}>{formatBytes(props.job.processedBytes)}</Figure>
          <Figure label={texts.job.rows}>{formatCount(props.job.rowsProcessed)}</Figure>
          <Figure label={texts.job.departments}>{formatCount(props.job.departments)}</Figure>
          <Figure label={texts.job.rejected} tone={props.job.rowsRejected > 0n ? 'bad' : undefined}>
            {formatCount(props.job.rowsRejected)}
          </Figure>
        </dl>
        <Show when={props.job.rejectedByReason.length > 0}>
          <h2>{texts.job.rejectedByReason}</h2>
          <RejectReasons counts={props.job.rejectedByReason} />
        </Show>
      </section>
    </>
  );
}
