import { createEffect, For, on, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatCount } from '../lib/count.ts';
import { reasonWord } from '../lib/reason-word.ts';
import { mostFrequent, rejectAdvice } from '../lib/reject-advice.ts';
import { useApp } from '../state/app-state.tsx';
import { createPaged } from '../state/paged.ts';
import { texts } from '../texts.ts';

const examples = 3;
/** Enough to have some of the main reason among them. */
const looked = 200;

/** A file of which no row counted: why, with examples, and what to change. */
export function AllRejected(props: { job: Job }) {
  const { gateway, startAgain } = useApp();
  const list = createPaged(async (pageToken, signal) => {
    const request = { jobId: props.job.id, pageSize: looked, pageToken };
    const { rejects, nextPageToken, totalSize } = await gateway.listRejects(request, { signal });
    return { rows: rejects, nextPageToken, totalSize: Number(totalSize) };
  });
  createEffect(on(() => props.job.id, list.reload));
  const mainReason = () => mostFrequent(props.job);
  const why = () => (props.job.rejectedByReason.length === 1 ? texts.allRejected.whyAll : texts.allRejected.why);
  const shown = () =>
    list
      .rows()
      .filter(({ reason }) => reason === mainReason())
      .slice(0, examples);
  return (
    <section class="notice notice-large" data-tone="bad">
      <h2>{texts.allRejected.title}</h2>
      <p>{why()(reasonWord(mainReason()))}</p>
      <Show when={shown().length > 0}>
        <ul class="reject-examples">
          <For each={shown()}>
            {(reject) => (
              <li>
                {texts.allRejected.line(formatCount(reject.line))} <code>{reject.raw}</code>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <p>{rejectAdvice(mainReason())}</p>
      <div class="notice-actions">
        <button type="button" class="button button-primary" onClick={() => startAgain(props.job.id)}>
          {texts.startAgain.otherSettings}
        </button>
      </div>
    </section>
  );
}
