import { createSignal, lazy, Show } from 'solid-js';
import { useApp } from '../app-state.ts';
import { texts } from '../texts.ts';
import { LazyPart } from '../ui/lazy-part.tsx';

// Folders come with the first one that is looked into.
const SourceDialog = lazy(() => import('./source-dialog.tsx'));

/** Offers the files that lie on the server, if jobs may read any. */
export function ChooseSource() {
  const { serverFolders } = useApp();
  const [isOpen, setOpen] = createSignal(false);
  return (
    <Show when={serverFolders().length > 0}>
      <button type="button" class="button button-quiet" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {texts.sources.choose}
      </button>
      <Show when={isOpen()}>
        <LazyPart fallback={undefined}>
          <SourceDialog onClose={() => setOpen(false)} />
        </LazyPart>
      </Show>
    </Show>
  );
}
