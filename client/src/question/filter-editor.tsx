import { createSignal, createUniqueId, onMount, Show } from 'solid-js';
import type { Column, Dialect, RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { questionTexts } from '../texts-of-questions.ts';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import { columnName, columnReference, findColumn } from '../upload/csv-options.ts';
import type { ColumnLook } from './column-looks.ts';
import { ColumnPicker } from './column-picker.tsx';
import { doneByEnter } from './done-by-enter.ts';
import { type Condition, conditions, draftOf, type FilterDraft, filterOf, isBound } from './filter-draft.ts';
import { ValueChoice } from './value-choice.tsx';

/** Fewer different numbers or dates are rather ticked one by one. */
const leastForRange = 10;

/** Writes a filter: first its column, then its condition. It counts as soon as it says something. */
export function FilterEditor(props: {
  dialect: Dialect;
  /** The filter that is changed; undefined for a new one. */
  filter: RowFilter | undefined;
  /** The column of a new one, if it is known already. */
  column: Column | undefined;
  lookAt: (index: number) => ColumnLook;
  /** Undefined while the filter says nothing. */
  onChange: (filter: RowFilter | undefined) => void;
  /** Goes on with a further filter; undefined if there is no room for one. */
  onAdd: (() => void) | undefined;
  onRemove: () => void;
  onDone: () => void;
}) {
  const { filter } = props;
  const before = filter && findColumn(filter.column, props.dialect.columns);
  const [column, setColumn] = createSignal(before ?? props.column);
  const [draft, setDraft] = createSignal<FilterDraft>({
    ...draftOf(filter),
    ...(filter === undefined && props.column !== undefined && { condition: firstCondition(props.column) }),
  });
  const [isPicking, setPicking] = createSignal(column() === undefined);

  function tell(change: Partial<FilterDraft>): void {
    setDraft((known) => ({ ...known, ...change }));
    const known = column();
    // A range that is half written changes nothing.
    const { condition, from, to } = draft();
    if (condition === 'between' && !(isBound(from) && isBound(to))) return;
    if (known !== undefined) props.onChange(filterOf(columnReference(known, props.dialect.columns), draft()));
  }

  function pick(picked: Column): void {
    const isOther = picked.index !== column()?.index;
    setColumn(picked);
    setPicking(false);
    // The values of a column mean nothing in another.
    if (isOther) tell({ values: [], from: '', to: '', condition: firstCondition(picked) });
  }

  /** Numbers and dates of many values are looked for by range. */
  function firstCondition({ index }: Column): Condition {
    const { kind, distinct } = props.lookAt(index);
    return (kind === 'number' || kind === 'date') && distinct >= leastForRange ? 'between' : 'in';
  }

  return (
    <div class="part-editor">
      <Show
        when={!isPicking() && column()}
        fallback={
          <ColumnPicker
            label={questionTexts.filterTitle}
            columns={props.dialect.columns}
            chosen={column()?.index}
            lookAt={props.lookAt}
            whyNot={() => undefined}
            onPick={pick}
          />
        }
      >
        {(known) => (
          <ConditionFields
            column={known()}
            draft={draft()}
            look={props.lookAt(known().index)}
            onColumn={() => setPicking(true)}
            onChange={tell}
            onDone={props.onDone}
          />
        )}
      </Show>
      <Show when={!isPicking()}>
        <div class="part-foot">
          <button type="button" class="button button-quiet" onClick={() => props.onRemove()}>
            {questionTexts.removeIt}
          </button>
          <Show when={props.onAdd}>
            {(add) => (
              <button type="button" class="button button-quiet" onClick={() => add()()}>
                {questionTexts.addFilter}
              </button>
            )}
          </Show>
          <button type="button" class="button" onClick={() => props.onDone()}>
            {questionTexts.done}
          </button>
        </div>
      </Show>
    </div>
  );
}

function ConditionFields(props: {
  column: Column;
  draft: FilterDraft;
  look: ColumnLook;
  onColumn: () => void;
  onChange: (change: Partial<FilterDraft>) => void;
  onDone: () => void;
}) {
  const id = createUniqueId();
  const words = questionTexts;
  let box!: HTMLDivElement;
  onMount(() => box.querySelector('select')?.focus());
  const offered = () => [...props.look.frequent, ...(props.look.empty > 0 ? [''] : [])];
  const isList = () => props.draft.condition === 'in' || props.draft.condition === 'notIn';
  const range = (end: 'from' | 'to') => (
    <div class="field">
      <label for={`${id}-${end}`}>{words[end]}</label>
      <input
        id={`${id}-${end}`}
        type="text"
        autocomplete="off"
        aria-describedby={`${id}-hint`}
        aria-invalid={!isBound(props.draft[end])}
        value={props.draft[end]}
        onInput={(event) => props.onChange({ [end]: event.currentTarget.value })}
        onKeyDown={(event) => doneByEnter(event, props.onDone)}
      />
    </div>
  );
  return (
    <div ref={box} class="condition">
      <div class="condition-head">
        <div class="field">
          <span id={`${id}-column`} class="condition-label">
            {words.column}
          </span>
          <button
            type="button"
            id={`${id}-name`}
            class="button condition-column"
            aria-labelledby={`${id}-column ${id}-name`}
            onClick={() => props.onColumn()}
          >
            <span>{columnName(props.column)}</span>
          </button>
        </div>
        <LabelledSelect
          label={words.condition}
          value={props.draft.condition}
          options={conditions.map((value) => ({ value, text: words.tests[value] }))}
          onChange={(condition) => props.onChange({ condition: condition as Condition })}
        />
      </div>
      <Show when={isList()}>
        <ValueChoice
          chosen={props.draft.values}
          offered={offered()}
          onChange={(values) => props.onChange({ values })}
        />
      </Show>
      <Show when={props.draft.condition === 'between'}>
        <div class="range">
          {range('from')}
          {range('to')}
        </div>
        <p id={`${id}-hint`} class="quiet field-hint">
          {words.rangeHint}
        </p>
      </Show>
    </div>
  );
}
