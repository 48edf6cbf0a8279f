import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js';
import { texts } from '../texts.ts';
import { questionTexts } from '../texts-of-questions.ts';
import { SearchField } from '../ui/search-field.tsx';

/** With more values than this, there is a field to search in. */
const mostWithoutSearch = 12;

/** Values of a column to tick, and others to write. */
export function ValueChoice(props: {
  chosen: readonly string[];
  /** The values that are offered. */
  offered: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const id = createUniqueId();
  const [search, setSearch] = createSignal('');
  const [other, setOther] = createSignal('');
  /** Values that were written or chosen before: they stay when they are not ticked any more. */
  const listed = createMemo<string[]>((before) => {
    const known = new Set([...before, ...props.offered]);
    return [...props.chosen.filter((value) => !known.has(value)), ...before];
  }, []);
  const all = createMemo(() => [...listed().filter((value) => !props.offered.includes(value)), ...props.offered]);
  const shown = () => all().filter((value) => value.toLowerCase().includes(search().trim().toLowerCase()));

  function toggle(value: string, isChosen: boolean): void {
    const rest = props.chosen.filter((candidate) => candidate !== value);
    props.onChange(isChosen ? [...rest, value] : rest);
  }

  function add(): void {
    const value = other().trim();
    if (value === '') return;
    toggle(value, true);
    setOther('');
    setSearch('');
  }

  return (
    <div class="value-choice">
      <Show when={all().length > mostWithoutSearch}>
        <SearchField label={questionTexts.searchValues} value={search()} onInput={setSearch} />
      </Show>
      <Show when={all().length > 0}>
        <fieldset class="value-list" aria-describedby={`${id}-hint`}>
          <legend class="visually-hidden">{questionTexts.values}</legend>
          <For each={shown()}>
            {(value) => (
              <label class="check">
                <input
                  type="checkbox"
                  checked={props.chosen.includes(value)}
                  onChange={(event) => toggle(value, event.currentTarget.checked)}
                />
                <span class="value-text" title={value}>
                  {value === '' ? texts.question.emptyValue : value}
                </span>
              </label>
            )}
          </For>
        </fieldset>
        <p id={`${id}-hint`} class="quiet field-hint">
          {questionTexts.valuesHint}
        </p>
      </Show>
      <div class="other-value">
        <div class="field">
          <label for={`${id}-other`}>{questionTexts.otherValue}</label>
          <input
            id={`${id}-other`}
            type="text"
            autocomplete="off"
            value={other()}
            onInput={(event) => setOther(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.isComposing || other().trim() === '') return;
              event.preventDefault();
              add();
            }}
          />
        </div>
        <button type="button" class="button" aria-disabled={other().trim() === ''} onClick={add}>
          {questionTexts.add}
        </button>
      </div>
    </div>
  );
}
