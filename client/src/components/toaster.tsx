import { For, Show } from 'solid-js';
import { useApp } from '../state/app-state.tsx';
import { texts } from '../texts.ts';
import { Icon } from './icon.tsx';

/** Short messages in a corner; read aloud when the reader is not busy. */
export function Toaster() {
  const { notices } = useApp();
  return (
    <section class="toaster" aria-label={texts.notices.region} aria-live="polite" aria-relevant="additions">
      <For each={notices.list}>
        {(notice) => (
          <div class="toast" data-kind={notice.kind}>
            <Icon name={notice.kind === 'error' ? 'warning' : 'info'} />
            <p>{notice.text}</p>
            <Show when={notice.action}>
              {(action) => (
                <button
                  type="button"
                  class="button button-quiet toast-action"
                  onClick={() => {
                    action().run();
                    notices.dismiss(notice.id);
                  }}
                >
                  {action().label}
                </button>
              )}
            </Show>
            <button
              type="button"
              class="button button-quiet button-icon"
              aria-label={texts.notices.close}
              onClick={() => notices.dismiss(notice.id)}
            >
              <Icon name="close" />
            </button>
          </div>
        )}
      </For>
    </section>
  );
}
