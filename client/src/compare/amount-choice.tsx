import { Show } from 'solid-js';
import type { Amount } from '../groups/amounts.ts';
import { LabelledSelect } from '../ui/labelled-select.tsx';

/** The choice of one of several amounts; nothing where there is only one. */
export function AmountChoice(props: {
  label: string;
  amounts: readonly Amount[];
  /** Its place. */
  chosen: number;
  onChoose: (place: number) => void;
}) {
  return (
    <Show when={props.amounts.length > 1}>
      <LabelledSelect
        class="amount-choice"
        label={props.label}
        value={String(props.chosen)}
        options={props.amounts.map(({ name }, place) => ({ value: String(place), text: name }))}
        onChange={(value) => props.onChoose(Number(value))}
      />
    </Show>
  );
}
