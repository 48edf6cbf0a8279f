import { For, Index, Show } from 'solid-js';
import type { InspectCsvResponse, SampleRow } from '#gen/tallystream/v1/gateway_pb.ts';
import { type Column, type Dialect, RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { reasonWord } from '../jobs/reject-reason.ts';
import { texts } from '../texts.ts';
import { type CsvSettings, columnReference } from './csv-options.ts';
import { type ColumnRole, SampleHead } from './sample-head.tsx';

/** The first rows of a file as they are understood, with the chosen columns marked. */
export function SampleTable(props: {
  found: InspectCsvResponse;
  dialect: Dialect;
  onChange: (change: Partial<CsvSettings>) => void;
}) {
  const role = (index: number): ColumnRole | undefined => {
    if (index === props.dialect.departmentIndex) return 'department';
    return index === props.dialect.amountIndex ? 'amount' : undefined;
  };
  const choose = (chosen: ColumnRole, column: Column) => {
    const { columns, departmentIndex, amountIndex } = props.dialect;
    const options = { department: 'departmentColumn', amount: 'amountColumn' } as const;
    const other = chosen === 'department' ? 'amount' : 'department';
    const left = columns.find(({ index }) => index === (chosen === 'department' ? departmentIndex : amountIndex));
    // The column has the other role: the two change places.
    const isSwap = role(column.index) === other && left !== undefined;
    props.onChange({
      [options[chosen]]: columnReference(column, columns),
      ...(isSwap && { [options[other]]: columnReference(left, columns) }),
    });
  };
  return (
    // A scrolling area must be reachable by keyboard.
    <section class="sample" tabindex={0} aria-label={texts.prepare.sampleCaption}>
      <table>
        <caption class="visually-hidden">{texts.prepare.sampleCaption}</caption>
        <thead>
          <tr>
            {/* Every inspection brings new columns: the heads stay, and with them the focus. */}
            <Index each={props.dialect.columns}>
              {(column) => (
                <SampleHead
                  column={column()}
                  role={role(column().index)}
                  onChoose={(chosen) => choose(chosen, column())}
                />
              )}
            </Index>
          </tr>
        </thead>
        <tbody>
          <For each={props.found.rows}>
            {(row) => <SampleBodyRow row={row} columns={props.dialect.columns.length} role={role} />}
          </For>
        </tbody>
      </table>
    </section>
  );
}

function SampleBodyRow(props: { row: SampleRow; columns: number; role: (index: number) => ColumnRole | undefined }) {
  const isRejected = () => props.row.rejectReason !== RejectReason.UNSPECIFIED;
  return (
    <>
      <tr classList={{ 'is-rejected': isRejected() }}>
        <For each={props.row.fields}>{(field, index) => <td data-role={props.role(index())}>{field}</td>}</For>
        <Show when={props.row.fields.length < props.columns}>
          <td colSpan={props.columns - props.row.fields.length} />
        </Show>
      </tr>
      <Show when={isRejected()}>
        <tr class="sample-reason">
          <td colSpan={Math.max(props.columns, props.row.fields.length)}>
            <span>{texts.prepare.wouldBeRejected(reasonWord(props.row.rejectReason))}</span>
          </td>
        </tr>
      </Show>
    </>
  );
}
