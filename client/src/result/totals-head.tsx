// biome-ignore-all lint/a11y/noRedundantRoles: the layout changes `display`, and some browsers then forget what a table is.
import { For, Show } from 'solid-js';
import type { OtherAmount } from '../groups/amounts.ts';
import { resultTexts } from '../texts-of-results.ts';
import type { ChangeColumn } from './change-columns.ts';
import type { ResultNames } from './result-names.ts';
import { columnHead } from './result-names.ts';
import { canOrderBy, type TotalsColumn, type TotalsOrder } from './totals-order.ts';

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
  onSort: (column: TotalsColumn) => void;
}) {
  const sorted = (column: TotalsColumn) => {
    if (props.order.column !== column) return undefined;
    return props.order.isDescending ? 'descending' : 'ascending';
  };
  /** These have no button: the share sorts like the sum, and the server knows no changes. */
  const plain = () => [
    { column: 'share', name: columnHead('share', props.names) },
    ...props.changes.map(({ name, head }) => ({ column: name, name: head })),
  ];
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
        <For each={plain()}>
          {({ column, name }) => (
            <th role="columnheader" scope="col" data-column={column}>
              <span class="head-word">{name}</span>
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
