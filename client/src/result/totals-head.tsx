// biome-ignore-all lint/a11y/noRedundantRoles: the layout changes `display`, and some browsers then forget what a table is.
import { For, Show } from 'solid-js';
import type { OtherAmount } from '../groups/amounts.ts';
import { resultTexts } from '../texts-of-results.ts';
import type { ChangeColumn } from './change-columns.ts';
import type { ResultNames } from './result-names.ts';
import { columnHead } from './result-names.ts';
import { type ChangeOrderColumn, canOrderBy, type TotalsColumn, type TotalsOrder } from './totals-order.ts';

const columns: readonly TotalsColumn[] = ['department', 'sum', 'count', 'mean', 'min', 'max'];

/** The heads of the totals; a click sorts. */
export function TotalsHead(props: {
  order: TotalsOrder;
  names: ResultNames;
  /** The names of the columns of changes. */
  changes: readonly ChangeColumn[];
  /** Which of several amounts is shown. */
  amount: number;
  /** The other amounts, each a column of sums. */
  others: readonly OtherAmount[];
  /** Shows another amount. */
  onAmount: (place: number) => void;
  onSort: (column: TotalsOrder['column']) => void;
}) {
  const sorted = (...columns: readonly TotalsOrder['column'][]) => {
    if (!columns.includes(props.order.column)) return undefined;
    return props.order.isDescending ? 'descending' : 'ascending';
  };
  /** A button of a head of changes, which has two: for the difference, and for its part of the sum before. */
  const changeButton = (column: ChangeOrderColumn, name: string, title: string) => (
    <button
      type="button"
      title={title}
      aria-label={title}
      classList={{ 'is-sorted': props.order.column === column }}
      onClick={() => props.onSort(column)}
    >
      <span class="head-name">{name}</span>
      <Show when={props.order.column === column}>
        <span class="sort-mark" aria-hidden="true" />
      </Show>
    </button>
  );
  const head = (column: TotalsColumn) => (
    <th role="columnheader" scope="col" data-column={column} aria-sort={sorted(column)}>
      <Show
        when={canOrderBy(column, props.amount)}
        fallback={<span class="head-word">{columnHead(column, props.names)}</span>}
      >
        <button type="button" onClick={() => props.onSort(column)}>
          <span class="head-name" title={columnHead(column, props.names)}>
            {columnHead(column, props.names)}
          </span>
          <span class="sort-mark" aria-hidden="true" />
        </button>
      </Show>
    </th>
  );
  return (
    <thead role="rowgroup">
      <tr role="row" class="totals-row totals-head" aria-rowindex={1}>
        <For each={columns.slice(0, 2)}>{head}</For>
        {/* It has no button: the share sorts like the sum. */}
        <th role="columnheader" scope="col" data-column="share">
          <span class="head-word">{columnHead('share', props.names)}</span>
        </th>
        <For each={props.changes}>
          {({ name, head: words }) => (
            <th
              role="columnheader"
              scope="col"
              class="change-head"
              data-column={name}
              aria-sort={sorted(name, `${name}Part`)}
            >
              {changeButton(name, words, words)}
              {changeButton(`${name}Part`, resultTexts.changes.part, resultTexts.changes.sortByPart(words))}
            </th>
          )}
        </For>
        <For each={props.others}>
          {({ place, name }) => (
            <th role="columnheader" scope="col" data-column="other">
              <button type="button" title={resultTexts.amounts.show(name)} onClick={() => props.onAmount(place)}>
                <span class="head-name">{name}</span>
                <span class="sort-mark" aria-hidden="true" />
              </button>
            </th>
          )}
        </For>
        <For each={columns.slice(2)}>{head}</For>
      </tr>
    </thead>
  );
}
