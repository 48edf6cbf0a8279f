import { For, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatCount } from '../lib/count.ts';
import { reasonWord } from '../lib/reason-word.ts';
import { useApp } from '../state/app-state.tsx';
import { createPaged } from '../state/paged.ts';
import { texts } from '../texts.ts';
import { ErrorNotice } from './error-notice.tsx';
import { RejectReasons } from './reject-reasons.tsx';

const pageSize = 25;

/** The rejected rows: how many for which reason, and on request one by one. */
export function RejectsPanel(props: { job: Job }) {
  const { gateway } = useApp();
  const list = createPaged(async (pageToken, signal) => {
    const request = { jobId: props.job.id, pageSize, pageToken };
    const { rejects, nextPageToken, totalSize } = await gateway.listRejects(request, { signal });
    return { rows: rejects, nextPageToken, totalSize: Number(totalSize) };
  });
  const isUnknown = () => list.totalSize() === undefined;
  const load = () => {
    if (list.isLoading()) return;
    if (isUnknown()) list.reload();
    else if (list.error() !== '') list.again();
    else list.loadMore();
  };
  const word = () => {
    if (list.isLoading()) return texts.rejects.loading;
    return isUnknown() ? texts.rejects.show : texts.rejects.more;
  };
  return (
    <section class="panel" aria-labelledby="rejects">
      <h2 id="rejects">{texts.rejects.heading}</h2>
      <RejectReasons counts={props.job.rejectedByReason} />
      <Show when={list.rows().length > 0}>
        <table class="rejects">
          <caption class="visually-hidden">{texts.rejects.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.rejects.line}</th>
              <th scope="col">{texts.rejects.reason}</th>
              <th scope="col">{texts.rejects.raw}</th>
            </tr>
          </thead>
          <tbody>
            <For each={list.rows()}>
              {(reject) => (
                <tr>
                  <td class="number">{formatCount(reject.line)}</td>
                  <td>{reasonWord(reject.reason)}</td>
                  <td>
                    <code>{reject.raw}</code>
                    <Show when={reject.rawTruncated}>
                      <span class="quiet">{texts.rejects.truncated}</span>
                    </Show>
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
      <Show when={list.error() !== ''}>
        <ErrorNotice>{list.error()}</ErrorNotice>
      </Show>
      <div class="rejects-more">
        {/* One button for all pages: the focus stays on it while they come. */}
        <Show when={isUnknown() || list.hasMore()}>
          <button type="button" class="button" aria-disabled={list.isLoading()} onClick={load}>
            {word()}
          </button>
        </Show>
        {/* Takes the focus when there are no more rows to ask for. */}
        <span class="quiet" role="status" tabindex={-1}>
          <Show when={!isUnknown()}>
            {texts.rejects.shown(formatCount(list.rows().length), formatCount(list.totalSize() ?? 0))}
          </Show>
        </span>
      </div>
    </section>
  );
}
