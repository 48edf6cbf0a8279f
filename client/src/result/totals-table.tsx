// biome-ignore-all lint/a11y/noRedundantRoles: the layout changes `display`, and some browsers then forget what a table is.
import { createVirtualizer } from '@tanstack/solid-virtual';
import { createEffect, createMemo, createSignal, For, on, onMount, Show } from 'solid-js';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { type OtherAmount, withAmount } from '../groups/amounts.ts';
import type { Changes } from '../groups/changes.ts';
import { debounce } from '../reactive/debounce.ts';
import { createMedia } from '../reactive/media.ts';
import { createRootFontSize } from '../reactive/root-font-size.ts';
import { markScrollEdges } from '../reactive/scroll-edges.ts';
import { texts } from '../texts.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { type ChangeColumn, changeWidth } from './change-columns.ts';
import { searchTotals, sortByChange } from './change-order.ts';
import { columnWidths, longestNumber, noWidths } from './column-widths.ts';
import { CopyTotals } from './copy-totals.tsx';
import { headWidth } from './head-width.ts';
import { createPaged } from './paged.ts';
import { columnHead, type ResultNames } from './result-names.ts';
import { TotalsHead } from './totals-head.tsx';
import {
  isByChange,
  isByColumn,
  orderAfterClick,
  orderBy,
  possibleOrder,
  type TotalsOrder,
  usualTotalsOrder,
} from './totals-order.ts';
import { TotalsRow } from './totals-row.tsx';

const pageSize = 250;
/** The next page is fetched when this many rows are left below. */
const ahead = 60;
const searchDelayMs = 200;
/** In rem, as everything in a row: it grows with the letters. */
const rowHeight = { wide: 2.5, narrow: 10.75, narrowLine: 1.2 };

/**
 * All totals of a result, however many: only the rows in sight are in the document. The server sorts and searches them; by
 * changes, of which it knows nothing, the page does.
 */
export function TotalsTable(props: {
  jobId: string;
  /** Which of several amounts is shown. */
  amount: number;
  /** The other amounts, each a column of sums. */
  others: readonly OtherAmount[];
  /** Shows another amount. */
  onAmount: (place: number) => void;
  total: string;
  /** The largest sum of the first amount. */
  largest: string;
  names: ResultNames;
  /** Whether a name is of several columns. */
  isGrouped: boolean;
  /** The columns of changes, and the changes of a total, once they are known. */
  changeColumns: readonly ChangeColumn[];
  changes: ((total: Total) => Changes) | undefined;
  /** All totals with the amount that is shown, where they are loaded. */
  totals: readonly Total[] | undefined;
  /** How its reader has sorted it. */
  order: TotalsOrder | undefined;
  onOrder: (order: TotalsOrder) => void;
  /** Offers questions about a total; undefined if none can be asked. */
  onAsk: ((total: Total, place: DOMRect) => void) | undefined;
}) {
  const { gateway } = useApp();
  const [search, setSearch] = createSignal('');
  const isNarrow = createMedia('(max-width: 46rem)');
  const isPrinted = createMedia('print');
  const [scroller, setScroller] = createSignal<HTMLElement | null>(null);
  let scrollArea!: HTMLElement;
  // Not before it is in the document: until then it has no window, and the virtualizer would not follow its size.
  onMount(() => setScroller(scrollArea));
  markScrollEdges(() => scrollArea);

  // Another address of the same order sorts nothing anew.
  const order = createMemo(
    () =>
      possibleOrder(
        props.order,
        props.amount,
        props.changeColumns.map(({ name }) => name),
      ),
    usualTotalsOrder,
    { equals: (a, b) => a.column === b.column && a.isDescending === b.isDescending },
  );
  const serverOrder = () => {
    const known = order();
    return orderBy(isByColumn(known) ? known : usualTotalsOrder, props.amount);
  };
  /** All totals that are found, in an order of changes; undefined until they are there, and in other orders. */
  const sorted = createMemo(() => {
    const [known, { totals, changes }] = [order(), props];
    if (!isByChange(known) || totals === undefined || changes === undefined) return undefined;
    return sortByChange(searchTotals(totals, search()), changes, known);
  });
  const isAwaited = () => isByChange(order()) && sorted() === undefined;

  const list = createPaged(async (pageToken, signal) => {
    const all = sorted();
    if (all !== undefined) {
      const [from, to] = [Number(pageToken), Number(pageToken) + pageSize];
      return { rows: all.slice(from, to), nextPageToken: to < all.length ? String(to) : '', totalSize: all.length };
    }
    const request = { jobId: props.jobId, pageSize, pageToken, orderBy: serverOrder(), search: search() };
    const { amount } = props;
    const { totals, nextPageToken, totalSize } = await gateway.listTotals(request, { signal });
    return { rows: totals.map((total) => withAmount(total, amount)), nextPageToken, totalSize };
  });
  createEffect(
    on([() => props.jobId, () => props.amount, order, search, sorted], () => {
      if (isAwaited()) return;
      scroller()?.scrollTo({ top: 0 });
      list.reload();
    }),
  );

  const rem = createRootFontSize();
  const heightInRem = () => {
    const { wide, narrow, narrowLine } = rowHeight;
    return isNarrow() ? narrow + (props.changeColumns.length + props.others.length) * narrowLine : wide;
  };
  const height = () => heightInRem() * rem();
  const virtualizer = createVirtualizer({
    get count() {
      return list.rows().length;
    },
    getScrollElement: scroller,
    estimateSize: () => height(),
    get overscan() {
      return isPrinted() ? list.rows().length : 8;
    },
  });
  createEffect(on(height, () => virtualizer.measure(), { defer: true }));
  createEffect(() => {
    const last = virtualizer.getVirtualItems().at(-1);
    // Paper takes what is there: it cannot wait.
    if (isPrinted()) return;
    if (last !== undefined && last.index >= list.rows().length - ahead) list.loadMore();
  });

  let measured: readonly Total[] = [];
  const widths = createMemo((known: typeof noWidths) => {
    const rows = list.rows();
    // A new page follows the rows that were measured already.
    const isMore = rows.length > measured.length && rows[measured.length - 1] === measured.at(-1);
    const fresh = isMore ? rows.slice(measured.length) : rows;
    measured = rows;
    return columnWidths(
      fresh,
      known,
      props.others.map(({ place }) => place),
    );
  }, noWidths);

  const widestChange = createMemo((known: number) => {
    const { changes } = props;
    return changes === undefined ? known : changeWidth(list.rows().map(changes), known);
  }, 0);

  /** A head of changes has a second button behind its words. */
  const changeHeads = () => props.changeColumns.map(({ head }) => headWidth(head) + 4);

  // The Tab key stops at one row, from which arrow keys go on: the rows are no hundred stops on the way past them.
  const [stop, setStop] = createSignal(0);
  const firstShown = () => virtualizer.getVirtualItems()[0]?.index ?? 0;
  const lastShown = () => virtualizer.getVirtualItems().at(-1)?.index ?? 0;
  const stopShown = () => Math.max(firstShown(), Math.min(lastShown(), stop()));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || !(event.target instanceof HTMLElement) || !event.target.matches('.ask-link')) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(list.rows().length - 1, stopShown() + step));
    virtualizer.scrollToIndex(next);
    setStop(next);
    scrollArea.querySelector<HTMLElement>(`[aria-rowindex="${next + 2}"] .ask-link`)?.focus();
  };

  /** The bars of an amount after the first are drawn against the largest sum that is there. For drawing only: floats. */
  const largest = createMemo(() => {
    if (props.amount === 0) return props.largest;
    return list.rows().reduce((most, { sum }) => (Number(sum) > Number(most) ? sum : most), '0');
  });

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
        <CopyTotals
          jobId={props.jobId}
          orderBy={serverOrder()}
          sorted={sorted()}
          amount={props.amount}
          others={props.others}
          search={search()}
          names={props.names}
        />
      </header>
      <Show when={list.error() !== ''}>
        <ErrorNotice action={{ label: texts.totals.again, run: list.again }}>{list.error()}</ErrorNotice>
      </Show>
      {/* A scrolling area must be reachable by keyboard. */}
      <section class="totals-scroll fades-at-edges" ref={scrollArea} tabindex={0} aria-label={texts.totals.rows}>
        <table
          role="table"
          aria-rowcount={(list.totalSize() ?? 0) + 1}
          classList={{ 'is-loading': list.isLoading() || isAwaited(), 'is-grouped': props.isGrouped }}
          data-changes={props.changeColumns.length}
          style={{
            ...widthStyles(widths(), props.names),
            ...otherStyles(props.others),
            '--more-columns': props.changeColumns.length + props.others.length,
            '--change': `${Math.max(widestChange(), ...changeHeads())}ch`,
            '--change-length': widestChange(),
            '--row-height': `${heightInRem()}rem`,
          }}
          onKeyDown={onKeyDown}
          onFocusIn={({ target }) => {
            const row = target.closest('.ask-link') && target.closest('[aria-rowindex]')?.getAttribute('aria-rowindex');
            if (row) setStop(Number(row) - 2);
          }}
        >
          <caption class="visually-hidden">{props.names.caption}</caption>
          <TotalsHead
            order={order()}
            names={props.names}
            changes={props.changeColumns}
            amount={props.amount}
            others={props.others}
            onAmount={props.onAmount}
            onSort={(column) => props.onOrder(orderAfterClick(order(), column))}
          />
          <tbody role="rowgroup" style={{ height: `${virtualizer.getTotalSize()}px` }}>
            <For each={virtualizer.getVirtualItems()}>
              {(item) => (
                <Show when={list.rows()[item.index]}>
                  {(entry) => (
                    <TotalsRow
                      entry={entry()}
                      names={props.names}
                      total={props.total}
                      largest={largest()}
                      others={props.others}
                      changeColumns={props.changeColumns}
                      changes={props.changes?.(entry())}
                      isStop={item.index === stopShown()}
                      onAsk={props.onAsk && ((place) => props.onAsk?.(entry(), place))}
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

/** Characters of a line of the head of the groups: one that goes on without an end leaves the room to the numbers. */
const nameLine = 11;

function otherStyles(others: readonly OtherAmount[]): Record<string, string> {
  const longest = Math.max(0, ...others.map(({ name }) => headWidth(name)));
  const columns = others.length === 0 ? ' ' : `repeat(${others.length}, var(--other-width))`;
  return { '--other-head': `${longest}ch`, '--other-columns': columns, '--others': String(others.length) };
}

function widthStyles(widths: typeof noWidths, names: ResultNames): Record<string, string> {
  const heads: Record<keyof typeof noWidths, string> = {
    name: names.group,
    sum: names.sum,
    count: columnHead('count', names),
    mean: columnHead('mean', names),
    min: columnHead('min', names),
    max: columnHead('max', names),
    other: '',
  };
  const columns = (Object.keys(heads) as (keyof typeof noWidths)[]).map((column) => [
    `--${column}`,
    `${Math.max(widths[column], headWidth(heads[column], column === 'name' ? nameLine : undefined))}ch`,
  ]);
  return { ...Object.fromEntries(columns), '--longest': String(longestNumber(widths)) };
}
