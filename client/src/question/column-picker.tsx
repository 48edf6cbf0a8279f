import { createEffect, createMemo, createSignal, createUniqueId, For, on, onMount, Show } from 'solid-js';
import type { Column } from '#gen/tallystream/v1/processor_pb.ts';
import { formatCount } from '../format/count.ts';
import { createRootFontSize } from '../reactive/root-font-size.ts';
import { questionTexts } from '../texts-of-questions.ts';
import { Icon } from '../ui/icon.tsx';
import { columnName } from '../upload/csv-options.ts';
import type { ColumnLook } from './column-looks.ts';

/** With more columns than this, there is a field to search in. */
const mostWithoutSearch = 12;
/** The height of an option, as in the style sheet. */
const optionRem = 2.75;
/** Options above and below those in sight that are made already. */
const spare = 6;
/** After such a pause, a letter begins a new word. */
const typingMs = 800;

/** The columns of a file to choose one of: by pointer, by arrow keys, or by typing. Only those in sight are made. */
export function ColumnPicker(props: {
  label: string;
  columns: readonly Column[];
  /** The index of the column that is chosen now. */
  chosen: number | undefined;
  lookAt: (index: number) => ColumnLook;
  /** The kinds of columns that come first, in the order of the file; all others follow. */
  first?: readonly ColumnLook['kind'][];
  /** Why a column cannot be chosen; undefined if it can. */
  whyNot: (column: Column) => string | undefined;
  onPick: (column: Column) => void;
}) {
  const id = createUniqueId();
  const rem = createRootFontSize();
  const [search, setSearch] = createSignal('');
  const [active, setActive] = createSignal(0);
  const [sight, setSight] = createSignal({ top: 0, height: 0 });
  let box!: HTMLDivElement;
  let list!: HTMLDivElement;
  const hasSearch = () => props.columns.length > mostWithoutSearch;
  const ordered = createMemo(() => {
    const isFirst = ({ index }: Column) => props.first?.includes(props.lookAt(index).kind) ?? true;
    return [...props.columns.filter(isFirst), ...props.columns.filter((column) => !isFirst(column))];
  });
  const shown = createMemo(() => {
    const wanted = search().trim().toLowerCase();
    return ordered().filter((column) => columnName(column).toLowerCase().includes(wanted));
  });
  const height = () => optionRem * rem();
  const first = () => Math.max(0, Math.floor(sight().top / height()) - spare);
  const last = () => Math.ceil((sight().top + sight().height) / height()) + spare;
  const optionId = (column: Column | undefined) => column && `${id}-${column.index}`;
  const look = () => setSight({ top: list.scrollTop, height: list.clientHeight });
  const activeOption = () => optionId(shown()[active()]);

  onMount(() => {
    const chosen = shown().findIndex(({ index }) => index === props.chosen);
    // Else the first one that can be chosen.
    const first = shown().findIndex((column) => props.whyNot(column) === undefined);
    setActive(Math.max(0, chosen < 0 ? first : chosen));
    look();
    reveal();
    box.querySelector<HTMLElement>('input, [role="listbox"]')?.focus();
  });
  createEffect(
    on(
      search,
      () => {
        setActive(0);
        reveal();
      },
      { defer: true },
    ),
  );

  /** Scrolls the list, and nothing else, as far as the active option needs it. */
  function reveal(): void {
    const top = active() * height();
    if (top < list.scrollTop) list.scrollTop = top;
    const below = top + height() - list.clientHeight;
    if (below > list.scrollTop) list.scrollTop = below;
    look();
  }

  function moveTo(at: number): void {
    setActive(Math.max(0, Math.min(at, shown().length - 1)));
    reveal();
  }

  function pick(column: Column | undefined): void {
    if (column !== undefined && props.whyNot(column) === undefined) props.onPick(column);
  }

  let typed = '';
  let typedAt = 0;
  /** Without a field to search in, letters lead to the column that begins with them. */
  function typeAhead(letter: string): void {
    const now = performance.now();
    typed = now - typedAt > typingMs ? letter : typed + letter;
    typedAt = now;
    const at = shown().findIndex((column) => columnName(column).toLowerCase().startsWith(typed.toLowerCase()));
    if (at >= 0) moveTo(at);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(sight().height / height()) - 1);
    const steps: Record<string, number> = {
      ArrowDown: active() + 1,
      ArrowUp: active() - 1,
      PageDown: active() + page,
      PageUp: active() - page,
      // In a field to write in, they belong to its text.
      ...(!hasSearch() && { Home: 0, End: shown().length - 1 }),
    };
    const step = steps[event.key];
    if (step !== undefined) moveTo(step);
    else if (event.key === 'Enter' && !event.isComposing) pick(shown()[active()]);
    else if (!hasSearch() && event.key.length === 1 && !event.ctrlKey && !event.metaKey) typeAhead(event.key);
    else return;
    event.preventDefault();
  }

  return (
    <div ref={box} class="column-picker">
      <Show when={hasSearch()}>
        <label class="search">
          <Icon name="search" />
          <input
            type="search"
            role="combobox"
            aria-label={questionTexts.searchColumns}
            placeholder={questionTexts.searchColumns}
            autocomplete="off"
            aria-autocomplete="list"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={activeOption()}
            onInput={(event) => setSearch(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        </label>
        <p class="quiet column-note" role="status">
          {questionTexts.foundColumns(formatCount(shown().length), formatCount(props.columns.length))}
        </p>
      </Show>
      <div
        ref={list}
        id={`${id}-list`}
        class="column-list"
        role="listbox"
        aria-label={props.label}
        tabIndex={hasSearch() ? -1 : 0}
        aria-activedescendant={hasSearch() ? undefined : activeOption()}
        onKeyDown={(event) => !hasSearch() && onKeyDown(event)}
        onScroll={look}
      >
        <div class="column-room" role="presentation" style={{ height: `${shown().length * optionRem}rem` }}>
          <For each={shown().slice(first(), last())}>
            {(column, place) => {
              const at = () => first() + place();
              return (
                <button
                  type="button"
                  id={optionId(column)}
                  class="column-option"
                  classList={{ 'is-active': at() === active() }}
                  role="option"
                  tabIndex={-1}
                  aria-selected={column.index === props.chosen}
                  aria-disabled={props.whyNot(column) !== undefined}
                  aria-setsize={shown().length}
                  aria-posinset={at() + 1}
                  style={{ top: `${at() * optionRem}rem` }}
                  onPointerMove={() => setActive(at())}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => pick(column)}
                >
                  <span class="column-option-name" title={columnName(column)}>
                    {columnName(column)}
                  </span>
                  <span class="quiet column-option-look">
                    {props.whyNot(column) ?? describeLook(props.lookAt(column.index)).join(' · ')}
                  </span>
                </button>
              );
            }}
          </For>
        </div>
      </div>
      <p class="quiet column-note">{questionTexts.inSample}</p>
    </div>
  );
}

function describeLook({ kind, distinct, empty }: ColumnLook): string[] {
  const words = questionTexts;
  return [
    words.kinds[kind],
    ...(distinct > 0 ? [words.distinct(formatCount(distinct))] : []),
    ...(empty > 0 ? [words.empty(formatCount(empty))] : []),
  ];
}
