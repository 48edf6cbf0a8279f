import { createEffect, For, on, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { mostFrequent } from '../jobs/reject-advice.ts';
import { texts } from '../texts.ts';
import { createPaged } from './paged.ts';

const examples = 3;

/** Rows of a file of which none counted, that were rejected for the main reason. */
export function RejectedExamples(props: { job: Job }) {
  const { gateway } = useApp();
  const list = createPaged(async (pageToken, signal) => {
    const reasons = [mostFrequent(props.job)];
    const request = { jobId: props.job.id, pageSize: examples, pageToken, reasons };
    const { rejects, nextPageToken, totalSize } = await gateway.listRejects(request, { signal });
    return { rows: rejects, nextPageToken, totalSize: Number(totalSize) };
  });
  createEffect(on(() => props.job.id, list.reload));
  return (
    <Show when={list.rows().length > 0}>
      <p>{texts.allRejected.examples}</p>
      <ul class="reject-examples">
        <For each={list.rows()}>
          {(reject) => (
            <li>
              {texts.allRejected.line(formatCount(reject.line))} <code>{reject.raw}</code>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
