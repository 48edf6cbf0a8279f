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
import { texts } from '../texts.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { type ChangeColumn, changeWidth } from './change-columns.ts';
import { columnWidths, longestNumber, noWidths } from './column-widths.ts';
import { CopyTotals } from './copy-totals.tsx';
import { createPaged } from './paged.ts';
import type { ResultNames } from './result-names.ts';
import { TotalsHead } from './totals-head.tsx';
import { canOrderBy, orderAfterClick, orderBy, type TotalsOrder } from './totals-order.ts';
import { TotalsRow } from './totals-row.tsx';

const pageSize = 250;
/** The next page is fetched when this many rows are left below. */
const ahead = 60;
const searchDelayMs = 200;
/** In rem, as everything in a row: it grows with the letters. */
const rowHeight = { wide: 2.5, narrow: 10.75, narrowLine: 1.2 };

/** All totals of a result, however many: only the rows in sight are in the document, sorted and searched on the server. */
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
  /** Offers questions about a total; undefined if none can be asked. */
  onAsk: ((total: Total, place: DOMRect) => void) | undefined;
}) {
  const { gateway } = useApp();
  const [order, setOrder] = createSignal<TotalsOrder>({ column: 'sum', isDescending: true });
  const [search, setSearch] = createSignal('');
  const isNarrow = createMedia('(max-width: 46rem)');
  const isPrinted = createMedia('print');
  const [scroller, setScroller] = createSignal<HTMLElement | null>(null);
  let scrollArea!: HTMLElement;
  // Not before it is in the document: until then it has no window, and the virtualizer would not follow its size.
  onMount(() => setScroller(scrollArea));

  const list = createPaged(async (pageToken, signal) => {
    const request = {
      jobId: props.jobId,
      pageSize,
      pageToken,
      orderBy: orderBy(order(), props.amount),
      search: search(),
    };
    const { amount } = props;
    const { totals, nextPageToken, totalSize } = await gateway.listTotals(request, { signal });
    return { rows: totals.map((total) => withAmount(total, amount)), nextPageToken, totalSize };
  });
  createEffect(
    on(
      () => props.amount,
      (amount) => {
        if (!canOrderBy(order().column, amount)) setOrder({ column: 'sum', isDescending: true });
      },
    ),
  );
  createEffect(
    on([() => props.jobId, () => props.amount, order, search], () => {
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
          orderBy={orderBy(order(), props.amount)}
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
      <section class="totals-scroll" ref={scrollArea} tabindex={0} aria-label={texts.totals.rows}>
        <table
          role="table"
          aria-rowcount={(list.totalSize() ?? 0) + 1}
          classList={{ 'is-loading': list.isLoading(), 'is-grouped': props.isGrouped }}
          data-changes={props.changeColumns.length}
          style={{
            ...widthStyles(widths(), props.names.sum),
            ...otherStyles(props.others),
            '--more-columns': props.changeColumns.length + props.others.length,
            '--change': `${widestChange()}ch`,
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

/** A head that is longer is cut off. */
const longestHead = 20;

function otherStyles(others: readonly OtherAmount[]): Record<string, string> {
  const longest = Math.max(0, ...others.map(({ name }) => Math.min(name.length, longestHead)));
  const columns = others.length === 0 ? ' ' : `repeat(${others.length}, var(--other-width))`;
  return { '--other-head': `${longest}ch`, '--other-columns': columns, '--others': String(others.length) };
}

function widthStyles(widths: typeof noWidths, sumHead: string): Record<string, string> {
  const columns = Object.entries(widths).map(([column, characters]) => [`--${column}`, `${characters}ch`]);
  const sum = Math.max(widths.sum, Math.min(sumHead.length, longestHead));
  return { ...Object.fromEntries(columns), '--sum': `${sum}ch`, '--longest': String(longestNumber(widths)) };
}
