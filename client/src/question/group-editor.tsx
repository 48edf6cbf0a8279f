import { createUniqueId, For, Show } from 'solid-js';
import type { Column, Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { questionTexts } from '../texts-of-questions.ts';
import type { QuestionSettings } from '../upload/csv-options.ts';
import type { ColumnLook } from './column-looks.ts';
import { ColumnPicker } from './column-picker.tsx';
import { doneByEnter } from './done-by-enter.ts';
import {
  amountsOf,
  chooseGroup,
  firstPeriod,
  groupsOf,
  isOnlyAmount,
  mostGroups,
  usesColumn,
} from './question-parts.ts';

/** Chooses a column to group by, and of dates their period. */
export function GroupEditor(props: {
  question: QuestionSettings;
  dialect: Dialect;
  /** Behind the last group, it adds one. */
  at: number;
  lookAt: (index: number) => ColumnLook;
  onChange: (change: Partial<QuestionSettings>) => void;
  onAdd: () => void;
  onRemove: () => void;
  onDone: () => void;
}) {
  const name = createUniqueId();
  let box!: HTMLDivElement;
  const groups = () => groupsOf(props.question, props.dialect);
  const group = () => groups()[props.at];
  const isDate = (column: Column | undefined) => column !== undefined && props.lookAt(column.index).kind === 'date';
  const hasPeriod = () => isDate(group()?.column) || (group()?.period ?? '') !== '';
  const others = () => groups().filter((_, at) => at !== props.at);

  function whyNot(column: Column): string | undefined {
    const isAmount = amountsOf(props.question, props.dialect).some((amount) => usesColumn(amount, column));
    // With one group alone and one amount, the two columns change places.
    const isSwap = isOnlyAmount(props.question, props.dialect, column) && others().length === 0;
    if (isAmount && !(isSwap && group() !== undefined)) return questionTexts.isAmount;
    const isGroup = others().some((other) => other.column?.index === column.index);
    return isGroup && !isDate(column) ? questionTexts.isGroup : undefined;
  }

  function pick(column: Column): void {
    if (column.index !== group()?.column?.index)
      choose(column, firstPeriod(groups(), props.at, column, isDate(column)));
    if (!isDate(column)) props.onDone();
    else box.querySelector<HTMLElement>('input:checked')?.focus();
  }

  const choose = (column: Column, period: string) =>
    props.onChange(chooseGroup(props.question, props.dialect, props.at, column, period));

  return (
    <div ref={box} class="part-editor">
      <ColumnPicker
        label={questionTexts.groupTitle}
        columns={props.dialect.columns}
        chosen={group()?.column?.index}
        lookAt={props.lookAt}
        first={['date', 'text']}
        whyNot={whyNot}
        onPick={pick}
      />
      <Show when={hasPeriod() && group()?.column}>
        {(column) => (
          <fieldset class="periods">
            <legend>{questionTexts.period}</legend>
            <div class="filters">
              <For each={Object.entries(questionTexts.periods)}>
                {([period, word]) => (
                  <label>
                    <input
                      type="radio"
                      name={name}
                      value={period}
                      checked={group()?.period === period}
                      onChange={() => choose(column(), period)}
                      onKeyDown={(event) => doneByEnter(event, props.onDone)}
                    />
                    {word}
                  </label>
                )}
              </For>
            </div>
          </fieldset>
        )}
      </Show>
      <Show when={group()}>
        <div class="part-foot">
          <Show when={groups().length > 1}>
            <button type="button" class="button button-quiet" onClick={() => props.onRemove()}>
              {questionTexts.removeIt}
            </button>
          </Show>
          <Show when={groups().length < mostGroups}>
            <button type="button" class="button button-quiet" onClick={() => props.onAdd()}>
              {questionTexts.addGroup}
            </button>
          </Show>
          <Show when={hasPeriod()}>
            <button type="button" class="button" onClick={() => props.onDone()}>
              {questionTexts.done}
            </button>
          </Show>
        </div>
      </Show>
    </div>
  );
}
