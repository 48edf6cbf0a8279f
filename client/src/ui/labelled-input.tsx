import { createUniqueId, Show } from 'solid-js';

/** A field to write in, with its label above. It tells of a change when that is finished, not with every key. */
export function LabelledInput(props: {
  label: string;
  type: 'text' | 'number';
  value: string;
  placeholder: string;
  /** Says what to write, where the label alone does not. */
  hint?: string | undefined;
  min?: number;
  max?: number;
  onChange: (value: string) => void;
}) {
  const id = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type={props.type}
        min={props.min}
        max={props.max}
        value={props.value}
        placeholder={props.placeholder}
        autocomplete="off"
        aria-describedby={props.hint && `${id}-hint`}
        // A number that cannot be used is marked by the browser, and not taken.
        onChange={(event) => event.currentTarget.validity.valid && props.onChange(event.currentTarget.value.trim())}
      />
      <Show when={props.hint}>
        <span id={`${id}-hint`} class="quiet field-hint">
          {props.hint}
        </span>
      </Show>
    </div>
  );
}
