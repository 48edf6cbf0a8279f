import { Show } from 'solid-js';
import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import { type CsvSettings, columnName, columnReference } from './csv-options.ts';

/** The two columns that matter, as two choices. */
export function ColumnChoice(props: { dialect: Dialect; onChange: (change: Partial<CsvSettings>) => void }) {
  const options = () =>
    props.dialect.columns.map((column) => ({ value: String(column.index), text: columnName(column) }));
  const reference = (index: string) => {
    const column = props.dialect.columns.find((candidate) => String(candidate.index) === index);
    return column === undefined ? index : columnReference(column, props.dialect.columns);
  };
  return (
    <div class="column-choice">
      <LabelledSelect
        class="field-department"
        label={texts.prepare.department}
        value={String(props.dialect.departmentIndex)}
        options={options()}
        onChange={(index) => props.onChange({ departmentColumn: reference(index) })}
      />
      <LabelledSelect
        class="field-amount"
        label={texts.prepare.amount}
        value={String(props.dialect.amountIndex)}
        options={options()}
        onChange={(index) => props.onChange({ amountColumn: reference(index) })}
      />
      <Show when={props.dialect.departmentIndex === props.dialect.amountIndex}>
        <p class="notice" data-tone="warning">
          {texts.prepare.sameColumn}
        </p>
      </Show>
    </div>
  );
}
