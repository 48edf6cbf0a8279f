// biome-ignore-all lint/a11y/noRedundantRoles: the layout changes `display`, and some browsers then forget what a table is.
import { createVirtualizer } from '@tanstack/solid-virtual';
import { createEffect, createMemo, createSignal, For, on, onMount, Show } from 'solid-js';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { debounce } from '../reactive/debounce.ts';
import { createMedia } from '../reactive/media.ts';
import { createRootFontSize } from '../reactive/root-font-size.ts';
import { texts } from '../texts.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { columnWidths, longestNumber, noWidths } from './column-widths.ts';
import { CopyTotals } from './copy-totals.tsx';
import { createPaged } from './paged.ts';
import type { ResultNames } from './result-names.ts';
import { TotalsHead } from './totals-head.tsx';
import { orderAfterClick, orderBy, type TotalsOrder } from './totals-order.ts';
import { TotalsRow } from './totals-row.tsx';

const pageSize = 250;
/** The next page is fetched when this many rows are left below. */
const ahead = 60;
const searchDelayMs = 200;
/** In rem, as everything in a row: it grows with the letters. */
const rowHeight = { wide: 2.5, narrow: 10.75 };

/** All totals of a result, however many: only the rows in sight are in the document, sorted and searched on the server. */
export function TotalsTable(props: { jobId: string; total: string; largest: string; names: ResultNames }) {
  const { gateway } = useApp();
  const [order, setOrder] = createSignal<TotalsOrder>({ column: 'sum', isDescending: true });
  const [search, setSearch] = createSignal('');
  const isNarrow = createMedia('(max-width: 46rem)');
  const [scroller, setScroller] = createSignal<HTMLElement | null>(null);
  let scrollArea!: HTMLElement;
  // Not before it is in the document: until then it has no window, and the virtualizer would not follow its size.
  onMount(() => setScroller(scrollArea));

  const list = createPaged(async (pageToken, signal) => {
    const request = { jobId: props.jobId, pageSize, pageToken, orderBy: orderBy(order()), search: search() };
    const { totals, nextPageToken, totalSize } = await gateway.listTotals(request, { signal });
    return { rows: totals, nextPageToken, totalSize };
  });
  createEffect(
    on([() => props.jobId, order, search], () => {
      scroller()?.scrollTo({ top: 0 });
      list.reload();
    }),
  );

  const rem = createRootFontSize();
  const height = () => (isNarrow() ? rowHeight.narrow : rowHeight.wide) * rem();
  const virtualizer = createVirtualizer({
    get count() {
      return list.rows().length;
    },
    getScrollElement: scroller,
    estimateSize: () => height(),
    overscan: 8,
  });
  createEffect(on(height, () => virtualizer.measure(), { defer: true }));
  createEffect(() => {
    const last = virtualizer.getVirtualItems().at(-1);
    if (last !== undefined && last.index >= list.rows().length - ahead) list.loadMore();
  });

  let measured: readonly Total[] = [];
  const widths = createMemo((known: typeof noWidths) => {
    const rows = list.rows();
    // A new page follows the rows that were measured already.
    const isMore = rows.length > measured.length && rows[measured.length - 1] === measured.at(-1);
    const fresh = isMore ? rows.slice(measured.length) : rows;
    measured = rows;
    return columnWidths(fresh, known);
  }, noWidths);

  const applySearch = debounce(setSearch, searchDelayMs);
  const found = () => {
    const size = list.totalSize();
    if (list.isLoading() && search() !== '') return texts.totals.searching;
    if (size === undefined) return '';
    return props.names.found(size, formatCount(size));
  };

  return (
    <section class="panel totals" aria-labelledby="totals">
      <header class="totals-tools">
        <h2 id="totals">{props.names.caption}</h2>
        <span class="quiet" role="status">
          {found()}
        </span>
        <SearchField label={props.names.search} onInput={applySearch} />
        <CopyTotals jobId={props.jobId} orderBy={orderBy(order())} search={search()} names={props.names} />
      </header>
      <Show when={list.error() !== ''}>
        <ErrorNotice action={{ label: texts.totals.again, run: list.again }}>{list.error()}</ErrorNotice>
      </Show>
      {/* A scrolling area must be reachable by keyboard. */}
      <section class="totals-scroll" ref={scrollArea} tabindex={0} aria-label={texts.totals.rows}>
        <table
          role="table"
          aria-rowcount={(list.totalSize() ?? 0) + 1}
          classList={{ 'is-loading': list.isLoading() }}
          style={widthStyles(widths(), props.names.sum)}
        >
          <caption class="visually-hidden">{props.names.caption}</caption>
          <TotalsHead
            order={order()}
            names={props.names}
            onSort={(column) => setOrder((current) => orderAfterClick(current, column))}
          />
          <tbody role="rowgroup" style={{ height: `${virtualizer.getTotalSize()}px` }}>
            <For each={virtualizer.getVirtualItems()}>
              {(item) => (
                <Show when={list.rows()[item.index]}>
                  {(entry) => (
                    <TotalsRow
                      entry={entry()}
                      total={props.total}
                      largest={props.largest}
                      index={item.index}
                      top={item.start}
                    />
                  )}
                </Show>
              )}
            </For>
          </tbody>
        </table>
        <Show when={list.totalSize() === 0}>
          <p class="quiet totals-none">{props.names.none(search())}</p>
        </Show>
      </section>
    </section>
  );
}

/** A head that is longer is cut off. */
const longestHead = 20;

function widthStyles(widths: typeof noWidths, sumHead: string): Record<string, string> {
  const columns = Object.entries(widths).map(([column, characters]) => [`--${column}`, `${characters}ch`]);
  const sum = Math.max(widths.sum, Math.min(sumHead.length, longestHead));
  return { ...Object.fromEntries(columns), '--sum': `${sum}ch`, '--longest': String(longestNumber(widths)) };
}
