import { createSignal, Match, Show, Switch } from 'solid-js';
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
  /** Whether a product is chosen: first the column that is multiplied, then the one to multiply it with. */
  const [isProduct, setProduct] = createSignal(false);
  /** The column to multiply, of a product that is new. */
  const [first, setFirst] = createSignal<Column>();
  const amounts = () => amountsOf(props.question, props.dialect);
  const amount = () => amounts()[props.at];
  const others = () => amounts().filter((_, at) => at !== props.at);
  const isTaken = (column: Column, factor: Column | undefined) =>
    others().some((other) => other.column?.index === column.index && other.factor?.index === factor?.index);

  /** The column to multiply, once it is known. */
  const multiplied = () => (isProduct() ? (first() ?? amount()?.column) : undefined);

  function whyNot(column: Column): string | undefined {
    const groups = groupsOf(props.question, props.dialect);
    // With a single amount, it changes places with a group, or takes the group out.
    const isGroup = groups.some((group) => group.column?.index === column.index);
    if (isGroup && (isProduct() || others().length > 0)) return questionTexts.isGrouped;
    const product = multiplied();
    const isHalf = isProduct() && product === undefined;
    const isThere = !isHalf && (product === undefined ? isTaken(column, undefined) : isTaken(product, column));
    return isThere ? questionTexts.isGroup : undefined;
  }

  function choose(column: Column, factor?: Column): void {
    props.onChange(chooseAmount(props.question, props.dialect, props.at, column, factor));
    props.onDone();
  }

  return (
    <div class="part-editor">
      <Switch
        fallback={
          <ColumnPicker
            label={questionTexts.sumTitle}
            columns={props.dialect.columns}
            chosen={amount()?.column?.index}
            lookAt={props.lookAt}
            first={['number']}
            whyNot={whyNot}
            onPick={(column) => choose(column)}
          />
        }
      >
        <Match when={multiplied()}>
          {(column) => (
            <>
              <p class="quiet column-note">{questionTexts.times(columnName(column()))}</p>
              <ColumnPicker
                label={questionTexts.timesTitle}
                columns={props.dialect.columns}
                chosen={amount()?.factor?.index}
                lookAt={props.lookAt}
                first={['number']}
                whyNot={whyNot}
                onPick={(factor) => choose(column(), factor)}
              />
            </>
          )}
        </Match>
        <Match when={isProduct()}>
          <p class="quiet column-note">{questionTexts.firstFactor}</p>
          <ColumnPicker
            label={questionTexts.multipliedTitle}
            columns={props.dialect.columns}
            chosen={undefined}
            lookAt={props.lookAt}
            first={['number']}
            whyNot={whyNot}
            onPick={setFirst}
          />
        </Match>
      </Switch>
      <Show when={!isProduct()}>
        <div class="part-foot">
          <Show when={amounts().length > 1 && amount()}>
            <button type="button" class="button button-quiet" onClick={() => props.onRemove()}>
              {questionTexts.removeIt}
            </button>
          </Show>
          <Show when={amounts().length < mostAmounts && amount()}>
            <button type="button" class="button button-quiet" onClick={() => props.onAdd()}>
              {questionTexts.addAmount}
            </button>
          </Show>
          <button type="button" class="button button-quiet" onClick={() => setProduct(true)}>
            {amount()?.column === undefined ? questionTexts.product : questionTexts.multiply}
          </button>
        </div>
      </Show>
    </div>
  );
}
