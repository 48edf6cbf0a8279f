import '../styles/sources.css';
import { createMemo, createSignal, For, onMount, Show } from 'solid-js';
import type { Source } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import { SourceList } from './source-list.tsx';

/** The folders of the server, to choose a file in. A folder that is the only one is open at once. */
export default function SourceDialog(props: { onClose: () => void }) {
  const { preparation, serverFolders } = useApp();
  const roots = serverFolders();
  const [path, setPath] = createSignal<readonly Source[]>(roots.length === 1 ? roots : []);
  /** An object of its own for each visit: a folder that is opened again is read again. */
  const folder = createMemo(() => ({ url: path().at(-1)?.url ?? '' }));
  let dialog!: HTMLDialogElement;
  let place!: HTMLElement;
  onMount(() => {
    dialog.showModal();
    place.focus();
    // A click beside it is one on the dialog itself: its inside covers all of it.
    dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
  });

  function open(next: readonly Source[]): void {
    setPath(next);
    place.focus();
  }

  function choose(source: Source): void {
    if (source.folder) {
      open([...path(), source]);
      return;
    }
    // First: the focus that a dialog gives back must not be taken from the file.
    dialog.close();
    preparation.add([{ source: source.url, name: source.name, sizeBytes: Number(source.sizeBytes) }]);
  }

  return (
    <dialog ref={dialog} class="sources" aria-labelledby="sources-title" onClose={() => props.onClose()}>
      <div class="sources-inside">
        <header class="sources-head">
          <h2 id="sources-title">{texts.sources.title}</h2>
          <button
            type="button"
            class="button button-quiet button-icon"
            aria-label={texts.sources.close}
            onClick={() => dialog.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        <nav class="sources-path" aria-label={texts.sources.path}>
          <ol>
            <Show when={roots.length > 1 && path().length > 0}>
              <Crumb name={texts.sources.root} onOpen={() => open([])} />
            </Show>
            <For each={path().slice(0, -1)}>
              {(step, depth) => <Crumb name={step.name} onOpen={() => open(path().slice(0, depth() + 1))} />}
            </For>
            <li>
              <span ref={place} tabindex={-1} aria-current="location">
                {path().at(-1)?.name ?? texts.sources.root}
              </span>
            </li>
          </ol>
        </nav>
        <Show when={folder()} keyed>
          {({ url }) => <SourceList folder={url} onChoose={choose} />}
        </Show>
      </div>
    </dialog>
  );
}

/** A folder on the way to the one that is open. */
function Crumb(props: { name: string; onOpen: () => void }) {
  return (
    <li>
      <button type="button" onClick={() => props.onOpen()}>
        {props.name}
      </button>
    </li>
  );
}
