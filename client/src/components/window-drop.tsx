import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { texts } from '../texts.ts';
import { Icon } from './icon.tsx';

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** Takes files that are dropped anywhere on the window, and shows that it would. */
export function WindowDrop(props: { onFiles: (files: File[]) => void }) {
  // Enter and leave come for every element under the pointer: only their balance says where it is.
  const [depth, setDepth] = createSignal(0);
  const abort = new AbortController();

  onMount(() => {
    const { signal } = abort;
    addEventListener('dragenter', (event) => holdsFiles(event) && setDepth((value) => value + 1), { signal });
    addEventListener('dragleave', (event) => holdsFiles(event) && setDepth((value) => Math.max(0, value - 1)), {
      signal,
    });
    addEventListener('dragover', (event) => holdsFiles(event) && event.preventDefault(), { signal });
    addEventListener(
      'drop',
      (event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setDepth(0);
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length > 0) props.onFiles(files);
      },
      { signal },
    );
  });
  onCleanup(() => abort.abort());

  return (
    <Show when={depth() > 0}>
      <div class="drop-overlay">
        <div>
          <Icon name="upload" />
          {texts.drop.overlay}
        </div>
      </div>
    </Show>
  );
}
