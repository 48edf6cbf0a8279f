import { For } from 'solid-js';
import type { Column } from '#gen/tallystream/v1/processor_pb.ts';
import { questionTexts } from '../texts-of-questions.ts';
import { columnName } from '../upload/csv-options.ts';
import type { Role } from './question-parts.ts';

const offered: readonly Role[] = ['amount', 'group', 'filter'];

/**
 * The head of a column in the preview: its name, and its roles to click on. The sentence above does the same by keyboard, in
 * fewer steps.
 */
export function SampleHead(props: {
  column: Column;
  roles: readonly Role[];
  /** The reason why a role cannot be given or taken; undefined if it can. */
  whyNot: (role: Role) => string | undefined;
  onUse: (role: Role) => void;
}) {
  return (
    <th scope="col" data-role={props.roles[0]} data-column={props.column.index}>
      <span class="sample-name">{columnName(props.column)}</span>
      <span class="roles">
        <For each={offered}>
          {(role) => (
            <button
              type="button"
              class="role"
              data-role={role}
              tabindex={-1}
              aria-pressed={props.roles.includes(role)}
              aria-disabled={props.whyNot(role) !== undefined}
              title={props.whyNot(role)}
              aria-label={questionTexts.use[role](columnName(props.column))}
              onClick={() => props.whyNot(role) === undefined && props.onUse(role)}
            >
              {questionTexts.roles[role]}
            </button>
          )}
        </For>
      </span>
    </th>
  );
}
