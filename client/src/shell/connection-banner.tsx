import { createEffect, createSignal, onCleanup, Show } from 'solid-js';
import { useApp } from '../app-state.ts';
import { texts } from '../texts.ts';

/** A connection that is back within this time was never worth a word. */
const patienceMs = 1000;

/** Says calmly that the server is away. */
export function ConnectionBanner() {
  const { jobs, access } = useApp();
  const [isShown, setShown] = createSignal(false);
  createEffect(() => {
    const isDown = jobs.status() === 'lost' || (jobs.status() === 'denied' && !access.isAsked());
    if (!isDown) return setShown(false);
    const timer = setTimeout(() => setShown(true), patienceMs);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <div role="status" class="banner-place">
      <Show when={isShown()}>
        <p class="banner">{jobs.status() === 'denied' ? texts.connection.key : texts.connection.lost}</p>
      </Show>
    </div>
  );
}
