import './pivot.css';
import { createMemo, Match, Show, Switch } from 'solid-js';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import type { Pick } from '../ask-on/narrowed.ts';
import { formatCount } from '../format/count.ts';
import { formatDecimal } from '../format/decimal.ts';
import { type Group, groupName } from '../groups/groups.ts';
import { keyLabel } from '../groups/key-label.ts';
import { periodBefore } from '../periods/period.ts';
import { createMedia } from '../reactive/media.ts';
import { CopyTable } from '../result/copy-table.tsx';
import type { ResultView } from '../result/result-view.ts';
import { texts } from '../texts.ts';
import { resultTexts } from '../texts-of-results.ts';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import { copyPivot } from './copied-pivot.ts';
import { makePivot, mostPivotColumns, mostPivotRows, type PivotOrder, pivotText } from './pivot.ts';
import { PivotGrid } from './pivot-grid.tsx';
import { planPivot } from './pivot-plan.ts';
import { PivotPrint } from './pivot-print.tsx';

const words = resultTexts.pivot;

function placeName(group: Group | undefined): string {
  return group === undefined ? '' : groupName(group);
}

const columnValue = 'column ';

/** An order as the choice of it has it. */
function orderValue(order: PivotOrder, sortedBy = ''): string {
  return order === 'column' ? columnValue + sortedBy : order;
}

function orderOf(value: string): [order: PivotOrder, sortedBy: string | undefined] {
  if (value.startsWith(columnValue)) return ['column', value.slice(columnValue.length)];
  return [value === 'name' ? 'name' : 'total', undefined];
}

/** A result as rows and columns, and the choice of both. */
export default function PivotPanel(props: {
  totals: readonly Total[];
  groups: readonly Group[];
  amount: string;
  view: ResultView;
  onView: (change: ResultView) => void;
  onAsk: ((picks: readonly Pick[], place: DOMRect) => void) | undefined;
}) {
  const isPrinted = createMedia('print');
  const plan = createMemo(() => planPivot(props.view, props.groups, props.totals));
  const pivot = createMemo(() => makePivot(props.totals, plan()));
  const nameOf = (place: number) => placeName(props.groups[place]);
  const caption = () => words.caption(props.amount, nameOf(plan().row), nameOf(plan().column));
  const choices = () => props.groups.map((group, place) => ({ value: String(place), text: groupName(group) }));
  // Where both would be the same, they change places.
  const choose = (line: 'rows' | 'columns', place: number) => {
    const { row, column } = plan();
    const isTaken = place === (line === 'rows' ? column : row);
    const change = isTaken ? { rows: column, columns: row } : { rows: row, columns: column, [line]: place };
    props.onView(change);
  };
  const cellText = (units: bigint) => formatDecimal(pivotText(pivot(), units));
  const isShaded = () => {
    const { rows, columns, range } = pivot();
    return rows.length <= mostPivotRows && columns.length <= mostPivotColumns && range.least !== range.most;
  };
  const columnKind = () => props.groups[plan().column]?.period;
  const changesTo = () => {
    const kind = columnKind();
    if (kind === undefined || props.view.changes !== true) return undefined;
    return (period: string) => periodBefore(kind, period);
  };
  const size = () => words.size(formatCount(pivot().rows.length), formatCount(pivot().columns.length));
  return (
    <>
      <div class="pivot-tools">
        <Show when={props.groups.length > 2}>
          <LabelledSelect
            label={words.rows}
            value={String(plan().row)}
            options={choices()}
            onChange={(value) => choose('rows', Number(value))}
          />
          <LabelledSelect
            label={words.columns}
            value={String(plan().column)}
            options={choices()}
            onChange={(value) => choose('columns', Number(value))}
          />
        </Show>
        <LabelledSelect
          label={words.order}
          value={orderValue(plan().rowOrder, plan().sortedBy)}
          options={[
            ...(['total', 'name'] as const).map((value) => ({ value, text: words.orders[value] })),
            ...pivot()
              .columns.slice(0, mostPivotColumns)
              .map(({ key }) => ({ value: orderValue('column', key), text: keyLabel(key) })),
          ]}
          onChange={(value) => {
            const [sort, key] = orderOf(value);
            props.onView({ sort, key });
          }}
        />
        <Show when={columnKind()}>
          {(kind) => (
            <label class="pivot-changes">
              <input
                type="checkbox"
                checked={props.view.changes === true}
                onChange={(event) => props.onView({ changes: event.currentTarget.checked || undefined })}
              />
              {words.changes(resultTexts.periods[kind()])}
            </label>
          )}
        </Show>
        <button type="button" class="button" onClick={() => props.onView({ rows: plan().column, columns: plan().row })}>
          {words.swap}
        </button>
        <CopyTable
          label={texts.totals.copy}
          table={async () => copyPivot(pivot(), [nameOf(plan().row), words.total])}
          copied={() => words.copied(formatCount(pivot().rows.length))}
        />
        <span class="quiet pivot-size" role="status">
          {size()}
        </span>
      </div>
      <Switch
        fallback={
          <PivotGrid
            pivot={pivot()}
            caption={caption()}
            rowName={nameOf(plan().row)}
            sortedBy={plan().sortedBy}
            changesTo={changesTo()}
            onAsk={
              props.onAsk &&
              ((row, column, place) => {
                const picks = [
                  ...(row === undefined ? [] : [{ at: plan().row, value: row }]),
                  ...(column === undefined ? [] : [{ at: plan().column, value: column }]),
                ];
                props.onAsk?.(picks, place);
              })
            }
          />
        }
      >
        <Match when={pivot().columns.length > mostPivotColumns}>
          <p class="notice">{words.tooWide(formatCount(pivot().columns.length), formatCount(mostPivotColumns))}</p>
        </Match>
        <Match when={pivot().rows.length > mostPivotRows}>
          <p class="notice">{words.tooLong(formatCount(pivot().rows.length), formatCount(mostPivotRows))}</p>
        </Match>
      </Switch>
      <Show when={isShaded()}>
        <p class="quiet pivot-shade">{words.shade(cellText(pivot().range.least), cellText(pivot().range.most))}</p>
      </Show>
      <Show when={isPrinted() && pivot().columns.length <= mostPivotColumns}>
        <PivotPrint pivot={pivot()} caption={caption()} rowName={nameOf(plan().row)} />
      </Show>
    </>
  );
}
