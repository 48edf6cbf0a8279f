import { texts } from '../texts.ts';
import { FileButton } from '../ui/file-button.tsx';
import { Icon } from '../ui/icon.tsx';

/** Where files come in: by dropping, by a click or by the keyboard. */
export function DropZone(props: { onFiles: (files: File[]) => void }) {
  return (
    <FileButton class="drop-zone" label={texts.drop.input} multiple onFiles={props.onFiles}>
      <span class="drop-mark">
        <Icon name="upload" />
      </span>
      <span class="drop-title">{texts.drop.zone}</span>
      <span class="drop-or">{texts.drop.or}</span>
      <span class="button button-primary" aria-hidden="true">
        {texts.drop.button}
      </span>
    </FileButton>
  );
}
