import '../styles/question.css';
import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  For,
  Index,
  type JSX,
  on,
  onCleanup,
  Show,
} from 'solid-js';
import type { InspectCsvResponse } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Column, Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { filterPhrases, filterWords, groupText } from '../jobs/question-words.ts';
import { texts } from '../texts.ts';
import { questionTexts } from '../texts-of-questions.ts';
import { Icon } from '../ui/icon.tsx';
import { columnName, type QuestionSettings } from '../upload/csv-options.ts';
import { lookAtColumns } from './column-looks.ts';
import type { UnreadDraft } from './filter-editor.tsx';
import { OpeningButton } from './opening-button.tsx';
import { PartEditor } from './part-editor.tsx';
import {
  amountsOf,
  groupsOf,
  isSameColumn,
  mostAmounts,
  mostFilters,
  mostGroups,
  type Part,
  putFilter,
  removeAmount,
  removeGroup,
} from './question-parts.ts';

const words = questionTexts;

/** A part whose popover is open; for a new filter with its column, if that is known already. */
interface Editing extends Part {
  column: Column | undefined;
}

const kinds: readonly string[] = ['amount', 'group', 'filter'] satisfies Part['kind'][];
const isKind = (kind: string | undefined): kind is Part['kind'] => kinds.includes(kind ?? '');

/** A condition that cannot be read, and its place. */
interface UnreadFilter extends UnreadDraft {
  at: number;
  /** Puts the filter back that was there before. */
  restore: () => void;
}

/** Opens a filter on a column from elsewhere. */
export type AddFilter = (column: Column) => void;

/**
 * The question as a sentence whose parts can be changed. Tab goes from part to part; the arrow keys go to the small buttons
 * beside them, too, and Delete leaves a part out.
 */
export function QuestionSentence(props: {
  found: InspectCsvResponse;
  dialect: Dialect;
  question: QuestionSettings;
  onChange: (change: Partial<QuestionSettings>) => void;
  /** Told whether a condition is written that cannot be read, and does not count. */
  onUnread: (isUnread: boolean) => void;
  ref?: (add: AddFilter) => void;
}) {
  const id = createUniqueId();
  const [editing, setEditing] = createSignal<Editing>();
  const lookAt = createMemo(() => lookAtColumns(props.found));
  const groups = createMemo(() => groupsOf(props.question, props.dialect));
  const amounts = createMemo(() => amountsOf(props.question, props.dialect));
  const where = () => props.question.where;
  let sentence!: HTMLFieldSetElement;

  const countOf = (kind: Part['kind']) => ({ amount: amounts(), group: groups(), filter: where() })[kind].length;
  const [unread, setUnread] = createSignal<UnreadFilter>();
  createEffect(() => props.onUnread(unread() !== undefined));
  onCleanup(() => props.onUnread(false));
  // A question from elsewhere has no place for it.
  createEffect(on(where, () => editing() === undefined && setUnread(), { defer: true }));

  /** Opens a part. One condition that cannot be read comes before others. */
  function open(kind: Part['kind'], at: number, column?: Column): void {
    const left = unread();
    // As closing does, where another part takes the place of one.
    if (editing() !== undefined) left?.restore();
    const isOther = kind === 'filter' && left !== undefined && at !== left.at;
    setEditing({ kind, at: isOther ? left.at : at, column: isOther ? undefined : column });
  }
  props.ref?.((column) => open('filter', where().length, column));
  const chipOf = (kind: Part['kind'], at: number) =>
    sentence.querySelector<HTMLElement>(`[data-part="${kind}-${at}"]`) ?? undefined;

  /** The chip of a part; of one that is not there yet, the button that adds it. */
  function anchorOf({ kind, at }: Part): HTMLElement | undefined {
    // They move the chips.
    amounts();
    groups();
    where();
    return chipOf(kind, at) ?? sentence.querySelector<HTMLElement>(`[data-add="${kind}"]`) ?? undefined;
  }

  function close(isLeft: boolean): void {
    const part = editing();
    unread()?.restore();
    setEditing();
    if (!isLeft) setUnread();
    if (part !== undefined && !isLeft) focusAt(part);
  }

  /** The part in a place, or the one that has taken it, or the last of its kind. */
  function focusAt({ kind, at }: Part): void {
    const chips = sentence.querySelectorAll<HTMLElement>(`[data-part^="${kind}-"]`);
    (chips[Math.min(at, chips.length - 1)] ?? sentence.querySelector<HTMLElement>(`[data-add="${kind}"]`))?.focus();
  }

  function remove(kind: Part['kind'], at: number): void {
    if (kind === 'filter') setUnread();
    if (kind === 'filter') props.onChange({ where: putFilter(where(), at, true, undefined) });
    else if (kind === 'amount') props.onChange(removeAmount(props.question, props.dialect, at));
    else if (groups().length > 1) props.onChange(removeGroup(props.question, props.dialect, at));
    focusAt({ kind, at });
  }

  function onKeyDown(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('.sentence-text button')];
    const at = buttons.indexOf(event.target as HTMLElement);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 };
    const next = buttons[steps[event.key] ?? -1];
    const [kind, place] = (buttons[at]?.dataset.part ?? '').split('-');
    if (next !== undefined) next.focus();
    else if ((event.key === 'Delete' || event.key === 'Backspace') && isKind(kind)) {
      remove(kind, Number(place));
    } else return;
    event.preventDefault();
  }

  const Chip = (chip: { kind: Part['kind']; at: number; label: string; children: JSX.Element }) => (
    <OpeningButton
      class="chip"
      part={`${chip.kind}-${chip.at}`}
      add={undefined}
      label={chip.label}
      isOpen={editing()?.kind === chip.kind && editing()?.at === chip.at}
      onOpen={() => open(chip.kind, chip.at)}
      onClose={() => close(false)}
    >
      {chip.children}
    </OpeningButton>
  );
  const Add = (add: { kind: Part['kind']; at: number; label: string }) => (
    <OpeningButton
      class="chip-add"
      part={undefined}
      add={add.kind}
      label={add.label}
      isOpen={editing()?.kind === add.kind && editing()?.at === add.at}
      onOpen={() => open(add.kind, add.at)}
      onClose={() => close(false)}
    >
      <Icon name="plus" />
    </OpeningButton>
  );
  const Remove = (removed: { kind: Part['kind']; at: number; name: string }) => (
    <button
      type="button"
      class="chip-remove"
      tabindex={-1}
      aria-label={words.remove(removed.name)}
      title={words.remove(removed.name)}
      onClick={() => remove(removed.kind, removed.at)}
    >
      <Icon name="close" />
    </button>
  );

  return (
    <fieldset ref={sentence} class="sentence" aria-labelledby={id} onKeyDown={onKeyDown}>
      <legend id={id} class="visually-hidden">
        {words.title}
      </legend>
      <p class="sentence-text">
        <Index each={amounts()}>
          {(amount, at) => (
            <span class="sentence-part">
              {at === 0 ? '' : ' '}
              <span>{at === 0 ? texts.question.sum : texts.question.and}</span>{' '}
              <span class="chip-group" data-role="amount">
                <Chip kind="amount" at={at} label={words.labels.amount(amount().name)}>
                  <b>{amount().name}</b>
                </Chip>
                <Show when={amounts().length > 1}>
                  <Remove kind="amount" at={at} name={amount().name} />
                </Show>
              </span>
              <Show when={at === amounts().length - 1 && amounts().length < mostAmounts}>
                <Add kind="amount" at={amounts().length} label={words.addAmount} />
              </Show>
            </span>
          )}
        </Index>
        <Index each={groups()}>
          {(group, at) => {
            const name = () => groupText(group().name, group().period);
            return (
              <span class="sentence-part">
                {' '}
                <span>{at === 0 ? words.by : texts.question.and}</span>{' '}
                <span class="chip-group" data-role="group">
                  <Chip kind="group" at={at} label={words.labels.group(name())}>
                    <b>{name()}</b>
                  </Chip>
                  <Show when={groups().length > 1}>
                    <Remove kind="group" at={at} name={name()} />
                  </Show>
                </span>
                <Show when={at === groups().length - 1 && groups().length < mostGroups}>
                  <Add kind="group" at={groups().length} label={words.addGroup} />
                </Show>
              </span>
            );
          }}
        </Index>
        <Show
          when={where().length > 0}
          fallback={
            <span class="sentence-part">
              {' '}
              <span>{words.over}</span>{' '}
              <span class="chip-group" data-role="all">
                <Chip kind="filter" at={0} label={words.labels.allRows}>
                  {words.allRows}
                </Chip>
              </span>
            </span>
          }
        >
          <Index each={where()}>
            {(filter, at) => {
              const name = () => filterWords(filter(), props.dialect.columns);
              return (
                <span class="sentence-part">
                  {' '}
                  <span>{at === 0 ? words.where : texts.question.and}</span>{' '}
                  <span class="chip-group" data-role="filter">
                    <Chip kind="filter" at={at} label={words.labels.filter(name())}>
                      <For each={filterPhrases(filter(), props.dialect.columns)}>
                        {({ text, isChosen, isBound }) =>
                          isChosen ? <b classList={{ unbroken: isBound }}>{text}</b> : text
                        }
                      </For>
                    </Chip>
                    <Remove kind="filter" at={at} name={name()} />
                  </span>
                  <Show when={at === where().length - 1 && where().length < mostFilters}>
                    <Add kind="filter" at={where().length} label={words.addFilter} />
                  </Show>
                </span>
              );
            }}
          </Index>
        </Show>
      </p>
      <Show when={isSameColumn(props.question, props.dialect)}>
        <p class="notice" data-tone="warning">
          {words.sameColumn}
        </p>
      </Show>
      <Show when={editing() === undefined && unread()}>
        {(left) => (
          <div class="notice" data-tone="bad" role="alert">
            <p>
              {words.notInForce(columnName(left().column))} {left().trouble}
            </p>
            <div class="notice-actions">
              <button type="button" class="button" onClick={() => open('filter', left().at)}>
                {words.mend}
              </button>
              <button
                type="button"
                class="button"
                onClick={() => {
                  const { at } = left();
                  setUnread();
                  focusAt({ kind: 'filter', at });
                }}
              >
                {words.leaveOut}
              </button>
            </div>
          </div>
        )}
      </Show>
      <Show when={editing()} keyed>
        {(part) => (
          <PartEditor
            part={part}
            question={props.question}
            dialect={props.dialect}
            column={part.column}
            unread={part.kind === 'filter' && unread()?.at === part.at ? unread() : undefined}
            onUnread={(draft, restore) => setUnread(draft && { ...draft, at: part.at, restore })}
            lookAt={lookAt()}
            anchor={anchorOf(part)}
            onChange={props.onChange}
            onAdd={(kind) => open(kind, countOf(kind))}
            onClose={close}
          />
        )}
      </Show>
    </fieldset>
  );
}
