import { createEffect, For, on, onCleanup, onMount, Show } from 'solid-js';
import { useApp } from '../app-state.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import type { Toast } from './toasts.ts';
import { isUndo, undoKeys, undoWord } from './undo-keys.ts';

/** Short messages in a corner; read aloud when the reader is not busy. A shortcut also does the offered action. */
export function Toaster() {
  const { toasts } = useApp();
  let toaster!: HTMLElement;
  /** Where the reader was before going to the messages. */
  let before: EventTarget | null = null;

  const updateHold = () => toasts.hold(toaster.matches(':hover') || toaster.contains(document.activeElement));
  // A message that has gone took pointer and focus with it, and no event says so.
  createEffect(on(() => toasts.list.length, updateHold, { defer: true }));

  onMount(() => {
    const undoNewest = (event: KeyboardEvent) => {
      const toast = toasts.list.findLast(({ action }) => action !== undefined);
      if (toast === undefined || !isUndo(event)) return;
      event.preventDefault();
      act(toast);
    };
    addEventListener('keydown', undoNewest);
    onCleanup(() => removeEventListener('keydown', undoNewest));
  });

  function act({ id }: Toast): void {
    const links = toasts.act(id);
    const shown = [...document.querySelectorAll<HTMLAnchorElement>('main a')];
    const back = shown.find((link) => links.includes(link.getAttribute('href') ?? ''));
    if (back) back.focus();
    else returnFocus();
  }

  function close({ id }: Toast): void {
    toasts.dismiss(id);
    returnFocus();
  }

  function returnFocus(): void {
    const isLost = document.activeElement === document.body;
    if (isLost && before instanceof HTMLElement) before.focus({ preventScroll: true });
  }

  return (
    <section
      ref={toaster}
      class="toaster"
      aria-label={texts.toasts.region}
      aria-live="polite"
      aria-relevant="additions text"
      onPointerEnter={updateHold}
      onPointerLeave={updateHold}
      onFocusIn={(event) => {
        if (!(event.relatedTarget instanceof Node && toaster.contains(event.relatedTarget)))
          before = event.relatedTarget;
        updateHold();
      }}
      onFocusOut={updateHold}
    >
      <For each={toasts.list}>
        {(toast) => (
          <div class="toast" data-kind={toast.kind}>
            <Icon name={toast.kind === 'error' ? 'warning' : 'info'} />
            <p>{toast.text}</p>
            <Show when={toast.action}>
              {(action) => (
                <button
                  type="button"
                  class="button button-quiet toast-action"
                  aria-keyshortcuts={undoKeys}
                  title={`${action().label} (${undoWord})`}
                  onClick={() => act(toast)}
                >
                  {action().label}
                  <span class="toast-keys" aria-hidden="true">
                    {undoWord}
                  </span>
                </button>
              )}
            </Show>
            <button
              type="button"
              class="button button-quiet button-icon"
              aria-label={texts.toasts.close}
              onClick={() => close(toast)}
            >
              <Icon name="close" />
            </button>
          </div>
        )}
      </For>
    </section>
  );
}
