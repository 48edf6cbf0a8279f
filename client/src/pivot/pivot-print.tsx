import { For, Show } from 'solid-js';
import { formatCount } from '../format/count.ts';
import { formatDecimal } from '../format/decimal.ts';
import { keyLabel } from '../groups/key-label.ts';
import { resultTexts } from '../texts-of-results.ts';
import { type Pivot, pivotText } from './pivot.ts';
import { pivotWidths } from './pivot-widths.ts';

const words = resultTexts.pivot;
/** Characters that a sheet of paper is wide. */
const paperWidth = 115;
/** More cells would keep the browser from printing for minutes. */
const mostCells = 50_000;

/** A pivot on paper: all its columns, as many beside each other as a sheet is wide, then the next ones below. */
export function PivotPrint(props: { pivot: Pivot; caption: string; rowName: string }) {
  const text = (units: bigint) => formatDecimal(pivotText(props.pivot, units));
  const blocks = () => {
    const widths = pivotWidths(props.pivot, props.rowName);
    const beside = Math.max(1, Math.floor((paperWidth - widths.name - widths.total) / (widths.cell + 2)));
    const { columns } = props.pivot;
    return Array.from({ length: Math.ceil(columns.length / beside) }, (_, block) =>
      columns.slice(block * beside, (block + 1) * beside),
    );
  };
  const rows = () => props.pivot.rows.slice(0, Math.ceil(mostCells / Math.max(1, props.pivot.columns.length)));
  return (
    <div class="pivot-printed">
      <For each={blocks()}>
        {(columns) => (
          <table>
            <caption>{props.caption}</caption>
            <thead>
              <tr>
                <th scope="col">{props.rowName}</th>
                <For each={columns}>{({ key }) => <th scope="col">{keyLabel(key)}</th>}</For>
                <th scope="col">{words.total}</th>
              </tr>
            </thead>
            <tbody>
              <For each={rows()}>
                {(row) => (
                  <tr>
                    <th scope="row">{keyLabel(row.key)}</th>
                    <For each={columns}>{({ key }) => <td>{format(props.pivot.cell(row.key, key))}</td>}</For>
                    <td>{text(row.units)}</td>
                  </tr>
                )}
              </For>
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{words.total}</th>
                <For each={columns}>{({ units }) => <td>{text(units)}</td>}</For>
                <td>{text(props.pivot.units)}</td>
              </tr>
            </tfoot>
          </table>
        )}
      </For>
      <Show when={rows().length < props.pivot.rows.length}>
        <p>{words.printed(formatCount(rows().length), formatCount(props.pivot.rows.length))}</p>
      </Show>
    </div>
  );

  function format(units: bigint | undefined): string {
    return units === undefined ? '–' : text(units);
  }
}
