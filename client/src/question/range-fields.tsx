import { createUniqueId, For, Show } from 'solid-js';
import { questionTexts } from '../texts-of-questions.ts';
import { type BoundFormat, readBound } from './bound.ts';
import { doneByEnter } from './done-by-enter.ts';
import { type End, endsOf, type FilterDraft, type Trouble } from './filter-draft.ts';
import { keepFocus } from './keep-focus.ts';
import { troubleText } from './trouble-text.ts';

const words = questionTexts;

/** The ends of a range, or the one value of `exactly`; below them, all that must be known about what was written. */
export function RangeFields(props: {
  draft: FilterDraft;
  format: BoundFormat;
  /** The obstacle to a filter; undefined while the reader may still be writing. */
  trouble: Trouble | undefined;
  onChange: (change: Partial<FilterDraft>) => void;
  /** The reader has left a field. */
  onSettle: () => void;
  onDone: () => void;
}) {
  const id = createUniqueId();
  const ends = () => endsOf(props.draft.condition);
  const isWrong = (end: End) => props.trouble !== undefined && (!('end' in props.trouble) || props.trouble.end === end);
  /** The ends that were written in another form than the server's. */
  const readings = () =>
    ends().flatMap((end) => {
      const reading = readBound(props.draft[end], props.format);
      return reading.state === 'read' && reading.text !== props.draft[end].trim() ? [reading.text] : [];
    });
  const period = () => {
    const reading = readBound(props.draft.from, props.format);
    const isAlone = props.draft.condition === 'between' && props.draft.to.trim() === '' && props.trouble === undefined;
    return isAlone && reading.state === 'read' ? reading.text : undefined;
  };
  const choices = () => (props.trouble !== undefined && 'choices' in props.trouble ? props.trouble.choices : []);
  const choose = (choice: string) => {
    if (props.trouble !== undefined && 'end' in props.trouble) props.onChange({ [props.trouble.end]: choice });
  };
  const label = (end: End) => (props.draft.condition === 'exactly' ? words.exactly[props.format.kind] : words[end]);
  return (
    <>
      <div class="range">
        <For each={ends()}>
          {(end) => (
            <div class="field">
              <label for={`${id}-${end}`}>{label(end)}</label>
              <input
                id={`${id}-${end}`}
                type="text"
                autocomplete="off"
                spellcheck={false}
                aria-describedby={`${id}-hint`}
                aria-invalid={isWrong(end)}
                value={props.draft[end]}
                onInput={(event) => props.onChange({ [end]: event.currentTarget.value })}
                onChange={() => props.onSettle()}
                onKeyDown={(event) => doneByEnter(event, props.onDone)}
              />
            </div>
          )}
        </For>
      </div>
      <div id={`${id}-hint`} class="range-note" role="status" onMouseDown={keepFocus}>
        <Show
          when={props.trouble}
          fallback={
            <p class="quiet field-hint">
              <Show
                when={readings().length > 0}
                fallback={
                  <>
                    {props.draft.condition === 'between' ? `${words.bothIncluded} ` : ''}
                    {words.forms[props.format.kind]}
                  </>
                }
              >
                {words.readAs(readings().join(` ${words.readAsAnd} `))}
              </Show>
            </p>
          }
        >
          {(trouble) => (
            <p class="field-trouble">
              {troubleText(trouble(), props.format.kind)}
              <Show when={trouble().kind === 'reversed'}>
                {' '}
                <button
                  type="button"
                  class="link-button"
                  onClick={() => props.onChange({ from: props.draft.to, to: props.draft.from })}
                >
                  {words.turnAround}
                </button>
              </Show>
              <For each={choices()}>
                {(choice) => (
                  <>
                    {' '}
                    <button type="button" class="link-button unbroken" onClick={() => choose(choice)}>
                      {choice}
                    </button>
                  </>
                )}
              </For>
            </p>
          )}
        </Show>
        <Show when={period()}>
          {(only) => (
            <button
              type="button"
              class="link-button"
              onClick={() => props.onChange({ condition: 'exactly', from: only() })}
            >
              {words.only(only())}
            </button>
          )}
        </Show>
      </div>
    </>
  );
}
