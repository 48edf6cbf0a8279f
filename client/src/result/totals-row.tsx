// biome-ignore-all lint/a11y/noRedundantRoles: the layout changes `display`, and some browsers then forget what a table is.
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { formatCount, formatShare } from '../format/count.ts';
import { barShare, formatDecimal, shareOf } from '../format/decimal.ts';
import { groupLabel } from '../jobs/group-label.ts';
import { texts } from '../texts.ts';
import { Fill } from '../ui/fill.tsx';

/** One department in the table of totals. */
export function TotalsRow(props: {
  entry: Total;
  total: string;
  /** The largest sum, which has the full bar: beside the total, bars of many departments would be dots. */
  largest: string;
  index: number;
  top: number;
}) {
  return (
    <tr
      role="row"
      class="totals-row"
      aria-rowindex={props.index + 2}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <td role="cell" data-column="department" title={groupLabel(props.entry)}>
        {groupLabel(props.entry)}
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
      <td role="cell" data-column="count" data-label={texts.totals.count}>
        {formatCount(props.entry.count)}
      </td>
      <td role="cell" data-column="mean" data-label={texts.totals.mean}>
        {formatDecimal(props.entry.mean)}
      </td>
      <td role="cell" data-column="min" data-label={texts.totals.min}>
        {formatDecimal(props.entry.min)}
      </td>
      <td role="cell" data-column="max" data-label={texts.totals.max}>
        {formatDecimal(props.entry.max)}
      </td>
    </tr>
  );
}
