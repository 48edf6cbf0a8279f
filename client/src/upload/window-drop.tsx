import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import { readDrop } from './dropped-files.ts';
import { loadFile, readPaste } from './pasted-file.ts';

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** A paste into one of these is meant for it. */
const takesText = 'input, textarea, select, [contenteditable]';

/** Takes files that are dropped anywhere on the window, and shows that it would; and what is pasted. */
export function WindowDrop(props: { onFiles: (files: File[]) => void; onProblem: (words: string) => void }) {
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
        if (!event.dataTransfer) return;
        const { files, folders } = readDrop(event.dataTransfer);
        if (folders[0] !== undefined) props.onProblem(texts.errors.folder(folders[0]));
        if (files.length > 0) props.onFiles(files);
      },
      { signal },
    );
    addEventListener('paste', (event) => void take(event), { signal });
  });
  onCleanup(() => abort.abort());

  async function take(event: ClipboardEvent): Promise<void> {
    if (event.clipboardData === null || (event.target instanceof Element && event.target.matches(takesText))) return;
    const pasted = readPaste(event.clipboardData, location.origin);
    if (pasted === undefined) return;
    event.preventDefault();
    try {
      props.onFiles('files' in pasted ? pasted.files : [await loadFile(pasted.url)]);
    } catch (error) {
      props.onProblem(error instanceof TypeError ? texts.errors.unreachable : (error as Error).message);
    }
  }

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
