// biome-ignore-all lint/a11y/noRedundantRoles: the layout changes `display`, and some browsers then forget what a table is.
import { For, Show } from 'solid-js';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { isSelecting } from '../ask-on/is-selecting.ts';
import { formatCount, formatShare } from '../format/count.ts';
import { barShare, formatDecimal, shareOf } from '../format/decimal.ts';
import { formatMean } from '../format/mean.ts';
import type { OtherAmount } from '../groups/amounts.ts';
import type { Changes } from '../groups/changes.ts';
import { groupLabel } from '../jobs/group-label.ts';
import { texts } from '../texts.ts';
import { Fill } from '../ui/fill.tsx';
import { type ChangeColumn, changeTexts } from './change-columns.ts';
import { columnHead, type ResultNames } from './result-names.ts';

/** One group in the table of totals. */
export function TotalsRow(props: {
  entry: Total;
  names: ResultNames;
  total: string;
  /** The largest sum, which has the full bar: beside the total, bars of many departments would be dots. */
  largest: string;
  /** The amounts besides the one that is shown. */
  others: readonly OtherAmount[];
  changeColumns: readonly ChangeColumn[];
  /** Undefined until they are known. */
  changes: Changes | undefined;
  index: number;
  top: number;
  /** Whether the Tab key stops at this row. */
  isStop: boolean;
  /** Offers questions about the row; undefined if none can be asked. */
  onAsk: ((place: DOMRect) => void) | undefined;
}) {
  const label = () => groupLabel(props.entry);
  // A row is a large place to click at; the keyboard has the button in it.
  const ask = ({ clientX, clientY, target }: MouseEvent) => {
    if (isSelecting() || (target as Element).closest('button') !== null) return;
    props.onAsk?.(new DOMRect(clientX, clientY, 0, 0));
  };
  return (
    <tr
      role="row"
      class="totals-row"
      aria-rowindex={props.index + 2}
      onClick={ask}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <td role="cell" data-column="department" title={label()}>
        <Show when={props.onAsk} fallback={label()}>
          {(onAsk) => (
            <button
              type="button"
              class="ask-link"
              aria-haspopup="menu"
              tabindex={props.isStop ? 0 : -1}
              onClick={(event) => onAsk()(event.currentTarget.getBoundingClientRect())}
            >
              {label()}
            </button>
          )}
        </Show>
      </td>
      <td role="cell" data-column="sum">
        {formatDecimal(props.entry.sum)}
        <span class="share" aria-hidden="true">
          <Fill share={barShare(props.entry.sum, props.largest)} />
        </span>
      </td>
      <td role="cell" data-column="share" data-label={texts.totals.share}>
        {formatShare(shareOf(props.entry.sum, props.total))}
      </td>
      <For each={props.changeColumns}>
        {({ name, head }) => {
          const words = () => changeTexts(props.changes?.[name]);
          return (
            <td role="cell" data-column={name} data-label={head}>
              <Show when={props.changes}>
                <span>
                  {words().difference} <span class="quiet">{words().fraction}</span>
                </span>
              </Show>
            </td>
          );
        }}
      </For>
      <For each={props.others}>
        {({ place, name }) => (
          <td role="cell" data-column="other" data-label={name}>
            {formatDecimal(props.entry.figures[place]?.sum ?? '0')}
          </td>
        )}
      </For>
      <td role="cell" data-column="count" data-label={columnHead('count', props.names)}>
        {formatCount(props.entry.count)}
      </td>
      <td
        role="cell"
        data-column="mean"
        data-label={columnHead('mean', props.names)}
        title={formatDecimal(props.entry.mean)}
      >
        {formatMean(props.entry.mean, props.entry.sum)}
      </td>
      <td role="cell" data-column="min" data-label={columnHead('min', props.names)}>
        {formatDecimal(props.entry.min)}
      </td>
      <td role="cell" data-column="max" data-label={columnHead('max', props.names)}>
        {formatDecimal(props.entry.max)}
      </td>
    </tr>
  );
}
