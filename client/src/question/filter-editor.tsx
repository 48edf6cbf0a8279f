import { createMemo, createSignal, createUniqueId, onMount, Show } from 'solid-js';
import type { Column, Dialect, RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { filterText } from '../jobs/filter-text.ts';
import { questionTexts } from '../texts-of-questions.ts';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import { columnName, columnReference, findColumn } from '../upload/csv-options.ts';
import type { BoundFormat } from './bound.ts';
import type { ColumnLook } from './column-looks.ts';
import { ColumnPicker } from './column-picker.tsx';
import {
  type Condition,
  conditions,
  draftOf,
  endsOf,
  type FilterDraft,
  readDraft,
  settleDraft,
  type Trouble,
} from './filter-draft.ts';
import { keepFocus } from './keep-focus.ts';
import { RangeFields } from './range-fields.tsx';
import { troubleText } from './trouble-text.ts';
import { ValueChoice } from './value-choice.tsx';

/** Fewer different numbers or dates are rather ticked one by one. */
const leastForRange = 10;

/** A condition that cannot be read, as it was written. */
export interface UnreadDraft {
  column: Column;
  draft: FilterDraft;
  /** The obstacle, in words. */
  trouble: string;
}

/** Writes a filter: first its column, then its condition. It counts as soon as it says something that can be read. */
export function FilterEditor(props: {
  dialect: Dialect;
  /** The filter that is changed; undefined for a new one. */
  filter: RowFilter | undefined;
  /** The column of a new one, if it is known already. */
  column: Column | undefined;
  /** The condition that was left while it could not be read. */
  unread: UnreadDraft | undefined;
  lookAt: (index: number) => ColumnLook;
  /** Undefined while the filter says nothing. */
  onChange: (filter: RowFilter | undefined) => void;
  /** Tells of a condition that cannot be read: the question must wait. Undefined once it can be read. */
  onUnread: (draft: UnreadDraft | undefined) => void;
  /** Goes on with a further filter; undefined if there is no room for one. */
  onAdd: (() => void) | undefined;
  onRemove: () => void;
  onDone: () => void;
}) {
  const { filter, unread } = props;
  const { decimalSeparator, groupSeparator } = props.dialect;
  const before = filter && findColumn(filter.column, props.dialect.columns);
  const [column, setColumn] = createSignal(unread?.column ?? before ?? props.column);
  const [draft, setDraft] = createSignal<FilterDraft>(unread?.draft ?? firstDraft());
  const [isPicking, setPicking] = createSignal(column() === undefined);
  /** Whether the reader has left a field, or wanted to go on: then nothing is unfinished any more. */
  const [isSettled, setSettled] = createSignal(unread !== undefined);
  let told = filter;
  let box!: HTMLDivElement;

  function firstDraft(): FilterDraft {
    const isNew = filter === undefined && props.column !== undefined;
    return { ...draftOf(filter, decimalSeparator), ...(isNew && { condition: firstCondition(props.column!) }) };
  }

  function formatOf({ index }: Column): BoundFormat {
    const { kind } = props.lookAt(index);
    return { kind: kind === 'date' || kind === 'number' ? kind : 'either', decimalSeparator, groupSeparator };
  }

  const reading = createMemo(() => {
    const known = column();
    return known && readDraft(columnReference(known, props.dialect.columns), draft(), formatOf(known));
  });
  const shownTrouble = () => {
    const trouble = reading()?.trouble;
    return trouble === undefined || isSettled() || !('isUnfinished' in trouble && trouble.isUnfinished)
      ? trouble
      : undefined;
  };

  function tell(next: RowFilter | undefined): void {
    const isSame = told && next ? filterText(told) === filterText(next) : told === next;
    told = next;
    if (!isSame) props.onChange(next);
  }

  function change(change: Partial<FilterDraft>): void {
    setSettled(false);
    setDraft((known) => ({ ...known, ...change }));
    tellReading();
  }

  function tellReading(): void {
    const [known, now] = [column(), reading()];
    if (known === undefined || now === undefined) return;
    if (now.trouble === undefined) {
      props.onUnread(undefined);
      tell(now.filter);
    } else {
      props.onUnread({ column: known, draft: draft(), trouble: troubleText(now.trouble, formatOf(known).kind) });
    }
  }

  /** Shows how the condition was read; one that cannot be read leaves the filter as it was before. */
  function settle(): void {
    const known = column();
    if (known === undefined) return;
    setSettled(true);
    setDraft((written) => settleDraft(written, formatOf(known)));
    if (reading()?.trouble !== undefined) tell(filter);
  }

  /** Goes on, unless the condition cannot be read. */
  function leave(goOn: () => void): void {
    settle();
    if (reading()?.trouble === undefined) goOn();
    else box.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  function pick(picked: Column): void {
    const isOther = picked.index !== column()?.index;
    setColumn(picked);
    setPicking(false);
    // The values of a column mean nothing in another.
    if (isOther) change({ values: [], from: '', to: '', condition: firstCondition(picked) });
  }

  /** Numbers and dates of many values are looked for by range. */
  function firstCondition({ index }: Column): Condition {
    const { kind, distinct } = props.lookAt(index);
    return (kind === 'number' || kind === 'date') && distinct >= leastForRange ? 'between' : 'in';
  }

  return (
    <div ref={box} class="part-editor">
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
            format={formatOf(known())}
            trouble={shownTrouble()}
            onColumn={() => setPicking(true)}
            onChange={change}
            onSettle={settle}
            onDone={() => leave(props.onDone)}
          />
        )}
      </Show>
      <Show when={!isPicking()}>
        <div class="part-foot">
          <button type="button" class="button button-quiet" onMouseDown={keepFocus} onClick={() => props.onRemove()}>
            {questionTexts.removeIt}
          </button>
          <Show when={props.onAdd}>
            {(add) => (
              <button type="button" class="button button-quiet" onMouseDown={keepFocus} onClick={() => leave(add())}>
                {questionTexts.addFilter}
              </button>
            )}
          </Show>
          <button type="button" class="button" onMouseDown={keepFocus} onClick={() => leave(props.onDone)}>
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
  format: BoundFormat;
  trouble: Trouble | undefined;
  onColumn: () => void;
  onChange: (change: Partial<FilterDraft>) => void;
  onSettle: () => void;
  onDone: () => void;
}) {
  const id = createUniqueId();
  const words = questionTexts;
  let box!: HTMLDivElement;
  // The column and its condition are rather kept: the focus begins at the values.
  onMount(() => (box.querySelector<HTMLElement>('input') ?? box.querySelector('select'))?.focus());
  const offered = () => [...props.look.frequent, ...(props.look.empty > 0 ? [''] : [])];
  const isList = () => props.draft.condition === 'in' || props.draft.condition === 'notIn';
  const offeredConditions = () => {
    const hasRange = props.look.kind !== 'text' || props.draft.condition === 'exactly';
    return conditions.filter((condition) => hasRange || condition !== 'exactly');
  };
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
          options={offeredConditions().map((value) => ({ value, text: words.tests[value] }))}
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
      <Show when={endsOf(props.draft.condition).length > 0}>
        <RangeFields
          draft={props.draft}
          format={props.format}
          trouble={props.trouble}
          onChange={props.onChange}
          onSettle={props.onSettle}
          onDone={props.onDone}
        />
      </Show>
    </div>
  );
}
