// biome-ignore-all lint/a11y/noRedundantRoles: the layout changes `display`, and some browsers then forget what a table is.
import { createVirtualizer } from '@tanstack/solid-virtual';
import { createEffect, createMemo, createSignal, For, on, onMount, Show } from 'solid-js';
import { formatDecimal } from '../format/decimal.ts';
import { keysLabel } from '../groups/key-label.ts';
import { createMedia } from '../reactive/media.ts';
import { createRootFontSize } from '../reactive/root-font-size.ts';
import { markScrollEdges } from '../reactive/scroll-edges.ts';
import { changeTexts } from '../result/change-columns.ts';
import { headWidth } from '../result/head-width.ts';
import { compareTexts } from '../texts-of-comparisons.ts';
import { Fill } from '../ui/fill.tsx';
import { type ComparedRow, type Comparison, rowChange, unitsText } from './comparison.ts';
import { comparisonWidths, shareOfLargest } from './comparison-widths.ts';
import { type CompareOrder, orderAfterClick } from './order.ts';

/** In rem, as everything in a row: it grows with the letters. */
const rowHeight = { wide: 2.75, narrow: 8.5 };

/** Characters up to which the direction of a difference stands on one line. */
const oneLine = 20;

const columns = ['group', 'here', 'there', 'difference', 'change'] as const;
type Column = (typeof columns)[number];

/** How two sides, and the groups that they are compared by, are called. */
export interface ComparedNames {
  here: string;
  there: string;
  groups: string;
}

/** The rows of a comparison, however many: only those in sight are in the document. */
export function ComparisonTable(props: {
  caption: string;
  comparison: Comparison;
  /** The rows that are shown, in their order. */
  rows: readonly ComparedRow[];
  isLoading: boolean;
  names: ComparedNames;
  order: CompareOrder;
  onOrder: (order: CompareOrder) => void;
}) {
  const isNarrow = createMedia('(max-width: 46rem)');
  const isPrinted = createMedia('print');
  const [scroller, setScroller] = createSignal<HTMLElement | null>(null);
  let scrollArea!: HTMLElement;
  // Not before it is in the document: until then it has no window, and the virtualizer would not follow its size.
  onMount(() => setScroller(scrollArea));
  markScrollEdges(() => scrollArea);
  const rem = createRootFontSize();
  const heightInRem = () => (isNarrow() ? rowHeight.narrow : rowHeight.wide);
  const virtualizer = createVirtualizer({
    get count() {
      return props.rows.length;
    },
    getScrollElement: scroller,
    estimateSize: () => heightInRem() * rem(),
    get overscan() {
      return isPrinted() ? props.rows.length : 8;
    },
  });
  createEffect(on([heightInRem, rem], () => virtualizer.measure(), { defer: true }));
  createEffect(on([() => props.rows], () => scroller()?.scrollTo({ top: 0 }), { defer: true }));

  const widths = createMemo(() => comparisonWidths(props.comparison));
  const minus = () => compareTexts.minus(props.names.here, props.names.there);
  const widestHead = () =>
    Math.max(...[props.names.here, props.names.there].map(headWidth), Math.min(minus().length, oneLine)) + 2;
  const head = (column: Column) => {
    const isBySize = () => column === 'difference' && props.order.column === 'size';
    const name = () => (isBySize() ? compareTexts.differenceBySize : headOf(column, props.names));
    const sorted = () => {
      if (props.order.column !== column && !isBySize()) return undefined;
      return props.order.isDescending ? 'descending' : 'ascending';
    };
    return (
      <th role="columnheader" scope="col" data-column={column} aria-sort={sorted()}>
        <button type="button" onClick={() => props.onOrder(orderAfterClick(props.order, column))}>
          <span class="compare-head">
            <span class="head-name" title={name()}>
              {name()}
            </span>
            <Show when={column === 'difference'}>
              <span class="head-name compare-minus" title={minus()}>
                {minus()}
              </span>
            </Show>
          </span>
          <span class="sort-mark" aria-hidden="true" />
        </button>
      </th>
    );
  };
  return (
    // A scrolling area must be reachable by keyboard.
    <section class="totals-scroll compare-scroll" ref={scrollArea} tabindex={0} aria-label={compareTexts.rows}>
      <table
        role="table"
        aria-rowcount={props.rows.length + 1}
        classList={{ 'is-loading': props.isLoading }}
        style={{
          '--number': `${widths().sum}ch`,
          '--head': `${widestHead()}ch`,
          '--change': `${widths().change}ch`,
          '--longest': String(Math.max(widths().sum, widths().change)),
          '--row-height': `${heightInRem()}rem`,
        }}
      >
        <caption class="visually-hidden">{props.caption}</caption>
        <thead role="rowgroup">
          <tr role="row" class="totals-row totals-head" aria-rowindex={1}>
            <For each={columns}>{head}</For>
          </tr>
        </thead>
        <tbody role="rowgroup" style={{ height: `${virtualizer.getTotalSize()}px` }}>
          <For each={virtualizer.getVirtualItems()}>
            {(item) => (
              <Show when={props.rows[item.index]}>
                {(row) => (
                  <Row
                    row={row()}
                    comparison={props.comparison}
                    largest={widths().largest}
                    names={props.names}
                    index={item.index}
                    top={item.start}
                  />
                )}
              </Show>
            )}
          </For>
        </tbody>
      </table>
    </section>
  );
}

function headOf(column: Column, names: ComparedNames): string {
  if (column === 'group') return names.groups;
  if (column === 'here' || column === 'there') return names[column];
  return compareTexts[column];
}

function Row(props: {
  row: ComparedRow;
  comparison: Comparison;
  largest: bigint;
  names: ComparedNames;
  index: number;
  top: number;
}) {
  const label = () => (props.row.keys.length === 0 ? compareTexts.all : keysLabel(props.row.keys));
  const only = () => {
    if (props.row.there === undefined) return compareTexts.only(props.names.here);
    return props.row.here === undefined ? compareTexts.only(props.names.there) : undefined;
  };
  const sum = (units: bigint | undefined) =>
    units === undefined ? compareTexts.noValue : formatDecimal(unitsText(props.comparison, units));
  const change = () => changeTexts(rowChange(props.comparison, props.row));
  return (
    <tr
      role="row"
      class="totals-row"
      aria-rowindex={props.index + 2}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <td role="cell" data-column="group">
        <span class="compare-group" title={label()}>
          {label()}
        </span>
        <Show when={only()}>
          {(words) => (
            <span class="compare-only" title={words()}>
              {words()}
            </span>
          )}
        </Show>
      </td>
      <td role="cell" data-column="here" data-label={props.names.here}>
        <span class="compare-number">{sum(props.row.here)}</span>
      </td>
      <td role="cell" data-column="there" data-label={props.names.there}>
        <span class="compare-number">{sum(props.row.there)}</span>
      </td>
      <td role="cell" data-column="difference" data-label={compareTexts.difference}>
        <span class="compare-number">{change().difference}</span>
        <span class="share" data-sign={props.row.difference < 0n ? 'minus' : 'plus'} aria-hidden="true">
          <Fill share={shareOfLargest(props.row.difference, props.largest)} />
        </span>
      </td>
      <td role="cell" data-column="change" data-label={compareTexts.change}>
        <span class="compare-number">{change().fraction}</span>
      </td>
    </tr>
  );
}
