import { createSignal, Show } from 'solid-js';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { describeError } from '../api/error-text.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import { copiedColumns, copyTotals } from './copied-totals.ts';
import { columnHead, type ResultNames } from './result-names.ts';

const pageSize = 1000;
/** More than anybody pastes; a download has all of them. */
const mostRows = 10_000;

/** Copies totals as a table that spreadsheets, documents and mails take: as they are sorted and searched at the moment. */
export function CopyTotals(props: { jobId: string; orderBy: string; search: string; names: ResultNames }) {
  const { gateway, toasts } = useApp();
  const [isCopying, setCopying] = createSignal(false);

  async function fetchTotals(): Promise<{ totals: Total[]; totalSize: number }> {
    const totals: Total[] = [];
    const { jobId, orderBy, search } = props;
    for (let pageToken = ''; ; ) {
      const page = await gateway.listTotals({ jobId, orderBy, search, pageSize, pageToken });
      totals.push(...page.totals);
      pageToken = page.nextPageToken;
      if (pageToken === '' || totals.length >= mostRows) return { totals, totalSize: page.totalSize };
    }
  }

  async function copy(): Promise<void> {
    if (isCopying()) return;
    setCopying(true);
    try {
      const fetched = fetchTotals();
      const blob = async (type: string, of: 'text' | 'html') => {
        const { totals } = await fetched;
        const heads = copiedColumns.map((column) => columnHead(column, props.names));
        return new Blob([copyTotals(totals, heads)[of]], { type });
      };
      // Promises, since browsers want the clipboard written right at the click.
      const item = { 'text/plain': blob('text/plain', 'text'), 'text/html': blob('text/html', 'html') };
      await navigator.clipboard.write([new ClipboardItem(item)]);
      const { totals, totalSize } = await fetched;
      const [copied, all] = [formatCount(totals.length), formatCount(totalSize)];
      toasts.show(
        'info',
        totals.length < totalSize ? texts.totals.copiedPart(copied, all) : texts.totals.copied(copied),
      );
    } catch (error) {
      toasts.show('error', error instanceof DOMException ? texts.totals.notCopied : describeError(error));
    }
    setCopying(false);
  }

  return (
    // Without a secure context there is no clipboard to write to.
    <Show when={isSecureContext && 'ClipboardItem' in window}>
      <button type="button" class="button" aria-disabled={isCopying()} onClick={() => void copy()}>
        <Icon name="copy" />
        {texts.totals.copy}
      </button>
    </Show>
  );
}
