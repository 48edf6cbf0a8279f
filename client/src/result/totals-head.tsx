// biome-ignore-all lint/a11y/noRedundantRoles: the layout changes `display`, and some browsers then forget what a table is.
import { For } from 'solid-js';
import type { ResultNames } from './result-names.ts';
import { columnHead } from './result-names.ts';
import type { TotalsColumn, TotalsOrder } from './totals-order.ts';

/** The share sorts like the sum: it has no button of its own. */
const columns: readonly (TotalsColumn | 'share')[] = ['department', 'sum', 'share', 'count', 'mean', 'min', 'max'];

/** The heads of the totals; a click sorts. */
export function TotalsHead(props: { order: TotalsOrder; names: ResultNames; onSort: (column: TotalsColumn) => void }) {
  const sorted = (column: TotalsColumn | 'share') => {
    if (props.order.column !== column) return undefined;
    return props.order.isDescending ? 'descending' : 'ascending';
  };
  return (
    <thead role="rowgroup">
      <tr role="row" class="totals-row totals-head" aria-rowindex={1}>
        <For each={columns}>
          {(column) => (
            <th role="columnheader" scope="col" data-column={column} aria-sort={sorted(column)}>
              {column === 'share' ? (
                <span class="head-word">{columnHead(column, props.names)}</span>
              ) : (
                <button type="button" onClick={() => props.onSort(column)}>
                  <span class="head-name" title={columnHead(column, props.names)}>
                    {columnHead(column, props.names)}
                  </span>
                  <span class="sort-mark" aria-hidden="true" />
                </button>
              )}
            </th>
          )}
        </For>
      </tr>
    </thead>
  );
}
