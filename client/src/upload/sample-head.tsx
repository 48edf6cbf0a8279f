import type { Column } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';
import { columnName } from './csv-options.ts';

/** The use of a column. */
export type ColumnRole = 'department' | 'amount';

/** The head of a column in the preview: its name, and its role to click on. */
export function SampleHead(props: {
  column: Column;
  role: ColumnRole | undefined;
  onChoose: (role: ColumnRole) => void;
}) {
  const roleButton = (role: ColumnRole) => (
    <button
      type="button"
      class="role"
      data-role={role}
      aria-pressed={props.role === role}
      aria-label={texts.prepare.useAs(texts.prepare[role].toLowerCase(), columnName(props.column))}
      onClick={() => props.onChoose(role)}
    >
      {texts.prepare[role]}
    </button>
  );
  return (
    <th scope="col" data-role={props.role}>
      <span class="sample-name">{columnName(props.column)}</span>
      <span class="roles">
        {roleButton('department')}
        {roleButton('amount')}
      </span>
    </th>
  );
}
