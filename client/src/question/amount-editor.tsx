import { createSignal, Show } from 'solid-js';
import type { Column, Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { questionTexts } from '../texts-of-questions.ts';
import { columnName, type QuestionSettings } from '../upload/csv-options.ts';
import type { ColumnLook } from './column-looks.ts';
import { ColumnPicker } from './column-picker.tsx';
import { amountsOf, chooseAmount, groupsOf, mostAmounts } from './question-parts.ts';

/** Chooses a column to add up, and if wanted another one to multiply it with. */
export function AmountEditor(props: {
  question: QuestionSettings;
  dialect: Dialect;
  /** Behind the last amount, it adds one. */
  at: number;
  lookAt: (index: number) => ColumnLook;
  onChange: (change: Partial<QuestionSettings>) => void;
  onAdd: () => void;
  onRemove: () => void;
  onDone: () => void;
}) {
  const [isFactor, setFactor] = createSignal(false);
  const amounts = () => amountsOf(props.question, props.dialect);
  const amount = () => amounts()[props.at];
  const others = () => amounts().filter((_, at) => at !== props.at);
  const isTaken = (column: Column, factor: Column | undefined) =>
    others().some((other) => other.column?.index === column.index && other.factor?.index === factor?.index);

  function whyNot(column: Column): string | undefined {
    const groups = groupsOf(props.question, props.dialect);
    // With a single amount, it changes places with a group, or takes the group out.
    const isGroup = groups.some((group) => group.column?.index === column.index);
    if (isGroup && (isFactor() || others().length > 0)) return questionTexts.isGrouped;
    const product = amount()?.column;
    const isThere = isFactor() ? product !== undefined && isTaken(product, column) : isTaken(column, undefined);
    return isThere ? questionTexts.isGroup : undefined;
  }

  function choose(column: Column, factor?: Column): void {
    props.onChange(chooseAmount(props.question, props.dialect, props.at, column, factor));
    props.onDone();
  }

  return (
    <div class="part-editor">
      <Show
        when={isFactor() && amount()?.column}
        fallback={
          <ColumnPicker
            label={questionTexts.sumTitle}
            columns={props.dialect.columns}
            chosen={amount()?.column?.index}
            lookAt={props.lookAt}
            whyNot={whyNot}
            onPick={(column) => choose(column)}
          />
        }
      >
        {(column) => (
          <>
            <p class="quiet column-note">{questionTexts.times(columnName(column()))}</p>
            <ColumnPicker
              label={questionTexts.timesTitle}
              columns={props.dialect.columns}
              chosen={amount()?.factor?.index}
              lookAt={props.lookAt}
              whyNot={whyNot}
              onPick={(factor) => choose(column(), factor)}
            />
          </>
        )}
      </Show>
      <Show when={amount()}>
        {(chosen) => (
          <div class="part-foot">
            <Show when={amounts().length > 1 && !isFactor()}>
              <button type="button" class="button button-quiet" onClick={() => props.onRemove()}>
                {questionTexts.removeIt}
              </button>
            </Show>
            <Show when={amounts().length < mostAmounts && !isFactor()}>
              <button type="button" class="button button-quiet" onClick={() => props.onAdd()}>
                {questionTexts.addAmount}
              </button>
            </Show>
            <Show when={chosen().column !== undefined && !isFactor()}>
              <button type="button" class="button button-quiet" onClick={() => setFactor(true)}>
                {questionTexts.multiply}
              </button>
            </Show>
          </div>
        )}
      </Show>
    </div>
  );
}
