import { createSignal, Show } from 'solid-js';
import { describeError } from '../api/error-text.ts';
import { useApp } from '../app-state.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import type { CopiedTable } from './copied-totals.ts';

/** Copies a table that spreadsheets, documents and mails take. */
export function CopyTable(props: { label: string; table: () => Promise<CopiedTable>; copied: () => string }) {
  const { toasts } = useApp();
  const [isCopying, setCopying] = createSignal(false);

  async function copy(): Promise<void> {
    if (isCopying()) return;
    setCopying(true);
    try {
      const table = props.table();
      const blob = async (type: string, of: 'text' | 'html') => new Blob([(await table)[of]], { type });
      // Promises, since browsers want the clipboard written right at the click.
      const item = { 'text/plain': blob('text/plain', 'text'), 'text/html': blob('text/html', 'html') };
      await navigator.clipboard.write([new ClipboardItem(item)]);
      await table;
      toasts.show('info', props.copied());
    } catch (error) {
      toasts.show('error', error instanceof DOMException ? texts.totals.notCopied : describeError(error));
    }
    setCopying(false);
  }

  return (
    // Without a secure context there is no clipboard to write to.
    <Show when={isSecureContext && 'ClipboardItem' in window}>
      <button type="button" class="button" aria-disabled={isCopying()} onClick={() => void copy()}>
        <Icon name="copy" />
        {props.label}
      </button>
    </Show>
  );
}
