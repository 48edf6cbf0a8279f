import { Icon } from './icon.tsx';

/** A field to search with. */
export function SearchField(props: { label: string; value?: string; onInput: (search: string) => void }) {
  return (
    <label class="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={props.label}
        placeholder={props.label}
        value={props.value ?? ''}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </label>
  );
}
