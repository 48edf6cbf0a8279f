import { createEffect, on, onCleanup } from 'solid-js';
import type { AppState } from '../app-state.ts';

/** Connects the state with what happens to the tab: network, visibility, leaving. */
export function followWindow(app: AppState): void {
  const abort = new AbortController();
  const { signal } = abort;
  const wake = () => {
    app.jobs.wake();
    app.uploads.hurry();
  };
  // The server is back: uploads need not wait for their next attempt.
  createEffect(on(app.jobs.status, (status) => status === 'live' && app.uploads.hurry()));
  // The key is there: what was refused can go on.
  createEffect(
    on(
      app.access.isAsked,
      (isAsked) => {
        if (isAsked) return;
        wake();
        app.preparation.change({});
      },
      { defer: true },
    ),
  );
  addEventListener('online', wake, { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && app.jobs.wake(), {
    signal,
  });
  addEventListener('pagehide', () => app.finishRemovals(), { signal });
  addEventListener(
    'beforeunload',
    (event) => {
      if (app.uploads.isBusy()) event.preventDefault();
    },
    { signal },
  );
  onCleanup(() => {
    abort.abort();
    app.jobs.stop();
  });
}
