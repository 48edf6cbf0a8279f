import { createUniqueId, For } from 'solid-js';

/** A choice with its label above. */
export function LabelledSelect(props: {
  label: string;
  value: string;
  options: readonly { value: string; text: string }[];
  class?: string;
  onChange: (value: string) => void;
}) {
  const id = createUniqueId();
  return (
    <div class={`field ${props.class ?? ''}`}>
      <label for={id}>{props.label}</label>
      <select id={id} onChange={(event) => props.onChange(event.currentTarget.value)}>
        <For each={props.options}>
          {(option) => (
            <option value={option.value} selected={option.value === props.value}>
              {option.text}
            </option>
          )}
        </For>
      </select>
    </div>
  );
}
