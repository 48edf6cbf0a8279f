import { createSignal, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { reasonWord } from '../jobs/reject-reason.ts';
import { RejectReasons } from '../jobs/reject-reasons.tsx';
import { texts } from '../texts.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import { createPaged } from './paged.ts';
import { RejectsTable } from './rejects-table.tsx';

const pageSize = 25;

/** The rejected rows: how many for which reason, and on request one by one. */
export function RejectsPanel(props: { job: Job }) {
  const { gateway } = useApp();
  const [reason, setReason] = createSignal<RejectReason>();
  const list = createPaged(async (pageToken, signal) => {
    const only = reason();
    const request = { jobId: props.job.id, pageSize, pageToken, reasons: only === undefined ? [] : [only] };
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
  const choices = () => [
    { value: '', text: texts.rejects.all(formatCount(props.job.rowsRejected)) },
    ...props.job.rejectedByReason.map(({ reason, count }) => ({
      value: String(reason),
      text: texts.rejects.one(reasonWord(reason), formatCount(count)),
    })),
  ];
  const choose = (value: string) => {
    setReason(props.job.rejectedByReason.find((entry) => String(entry.reason) === value)?.reason);
    list.reload();
  };
  return (
    <section class="panel" aria-labelledby="rejects">
      <h2 id="rejects">{texts.rejects.heading}</h2>
      <RejectReasons counts={props.job.rejectedByReason} />
      <Show when={props.job.rejectedByReason.length > 1}>
        <LabelledSelect
          class="rejects-filter"
          label={texts.rejects.filter}
          value={String(reason() ?? '')}
          options={choices()}
          onChange={choose}
        />
      </Show>
      <Show when={list.rows().length > 0}>
        <RejectsTable rejects={list.rows()} />
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
