import { texts } from '../texts.ts';
import { LabelledInput } from '../ui/labelled-input.tsx';
import type { CsvSettings } from './csv-options.ts';
import { columnAsWritten, writtenColumn } from './known-columns.ts';

/** The two columns that matter, while nobody knows which ones the file will have. */
export function ColumnNames(props: { settings: CsvSettings; onChange: (change: Partial<CsvSettings>) => void }) {
  const hint = () => (props.settings.header === 'false' ? texts.readAgain.columnNumber : texts.readAgain.columnName);
  const field = (label: string, option: 'departmentColumn' | 'amountColumn') => (
    <LabelledInput
      label={label}
      type="text"
      value={columnAsWritten(props.settings[option], props.settings.header)}
      placeholder={texts.prepare.automatic('')}
      hint={hint()}
      onChange={(text) => props.onChange({ [option]: writtenColumn(text, props.settings.header) })}
    />
  );
  return (
    <div class="column-choice">
      {field(texts.prepare.department, 'departmentColumn')}
      {field(texts.prepare.amount, 'amountColumn')}
    </div>
  );
}
