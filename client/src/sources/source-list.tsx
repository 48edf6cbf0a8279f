import { createMemo, For, onMount, Show } from 'solid-js';
import type { Source } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatCount } from '../format/count.ts';
import { formatExactTime, formatWhen, toMillis } from '../format/timestamp.ts';
import { createPaged } from '../result/paged.ts';
import { texts } from '../texts.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Icon } from '../ui/icon.tsx';

const pageSize = 100;

/** The folders and files in a folder of the server, page by page. */
export function SourceList(props: { folder: string; onChoose: (source: Source) => void }) {
  const { gateway } = useApp();
  const list = createPaged(async (pageToken, signal) => {
    const request = { folder: props.folder, pageSize, pageToken };
    const { sources, nextPageToken } = await gateway.listSources(request, { signal });
    return { rows: sources, nextPageToken, totalSize: sources.length };
  });
  onMount(list.reload);
  const isKnown = () => list.totalSize() !== undefined;
  const isEmpty = createMemo(() => isKnown() && list.rows().length === 0);
  const status = () => {
    if (list.error() !== '') return '';
    if (!isKnown()) return texts.sources.loading;
    if (isEmpty()) return texts.sources.empty;
    const count = list.rows().length;
    if (list.hasMore()) return texts.sources.first(formatCount(count));
    return count === 1 ? texts.sources.one : texts.sources.count(formatCount(count));
  };
  const now = Date.now();
  return (
    <>
      <div class="sources-scroll">
        <Show when={list.rows().length > 0}>
          <ul class="sources-list" onKeyDown={moveByArrows}>
            <For each={list.rows()}>
              {(source) => (
                <li>
                  <SourceButton source={source} nowMs={now} onChoose={() => props.onChoose(source)} />
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={list.error() !== ''}>
          <ErrorNotice action={{ label: texts.sources.again, run: list.again }}>{list.error()}</ErrorNotice>
        </Show>
      </div>
      <footer class="sources-foot">
        {/* Takes the focus when there is no more to ask for. */}
        <span class="quiet" role="status" tabindex={-1}>
          {status()}
        </span>
        <Show when={list.hasMore() && list.error() === ''}>
          <button type="button" class="button" aria-disabled={list.isLoading()} onClick={list.loadMore}>
            {list.isLoading() ? texts.sources.loading : texts.sources.more}
          </button>
        </Show>
      </footer>
    </>
  );
}

function SourceButton(props: { source: Source; nowMs: number; onChoose: () => void }) {
  const { folder, name, sizeBytes, modifyTime } = props.source;
  return (
    <button type="button" class="source" onClick={() => props.onChoose()}>
      <Icon name={folder ? 'folder' : 'file'} />
      <span class="source-name">
        <Show when={folder}>
          <span class="visually-hidden">{texts.sources.folder} </span>
        </Show>
        {name}
      </span>
      <Show when={!folder}>
        <span class="source-size number">{formatBytes(sizeBytes)}</span>
        <Show when={modifyTime}>
          {(time) => (
            <time
              class="source-time"
              dateTime={new Date(toMillis(time())).toISOString()}
              title={formatExactTime(time())}
            >
              {formatWhen(time(), props.nowMs)}
            </time>
          )}
        </Show>
      </Show>
    </button>
  );
}

/** The arrow keys go along the list, so that a long one needs no hundred tabs. */
function moveByArrows(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
  const next = buttons[steps[event.key] ?? -1];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
