import type { Transport } from '@connectrpc/connect';
import { createEffect, lazy, Match, on, onCleanup, Show, Switch } from 'solid-js';
import type { Access } from './access/access.ts';
import { KeyPage } from './access/key-page.tsx';
import { AppStateProvider } from './app-state.ts';
import { createAppState } from './build-app-state.ts';
import { HomePage } from './home-page.tsx';
import { JobPage } from './job-page.tsx';
import { ConfirmCancel } from './jobs/confirm-cancel.tsx';
import { isRunning } from './jobs/job-phase.ts';
import { askHref, compareHref, homeHref, type Route } from './navigation/route.ts';
import { createRoute } from './navigation/router.ts';
import { makeScrollMemory } from './navigation/scroll-memory.ts';
import { keepFocus } from './reactive/focus-keeper.ts';
import { ConnectionBanner } from './shell/connection-banner.tsx';
import { MissingPage } from './shell/missing-page.tsx';
import { followTitle } from './shell/page-title.ts';
import { ThemeSwitch } from './shell/theme-switch.tsx';
import { Toaster } from './shell/toaster.tsx';
import { followWindow } from './shell/window-events.ts';
import { texts } from './texts.ts';
import { Mark } from './ui/icon.tsx';
import { LazyPart } from './ui/lazy-part.tsx';
import type { Uploads } from './upload/uploads.ts';
import { WindowDrop } from './upload/window-drop.tsx';

const AskPage = lazy(() => import('./ask-page.tsx'));
const ComparePage = lazy(() => import('./compare-page.tsx'));

/** The whole page over a transport. `uploads` is there to be replaced where no file is sent. */
export function App(props: { transport: Transport; access: Access; uploads?: Uploads }) {
  const app = createAppState(props.transport, props.access, props.uploads);
  const route = createRoute();
  const scroll = makeScrollMemory();
  let main!: HTMLElement;
  followTitle(app, route);
  followWindow(app);
  onCleanup(scroll.stop);
  onCleanup(keepFocus(document.body));

  // After a change of page, keyboard and screen reader go on at its heading.
  createEffect(
    on(
      route,
      (now, before) => {
        scroll.settle();
        // A reader who comes back from a question that was not asked, or from a comparison, goes on at the link that led there.
        const left = now.page === 'job' && before !== undefined && linkTo(before);
        const place = (left && main.querySelector<HTMLElement>(`a[href="${left}"]`)) || main.querySelector('h1');
        place?.focus({ preventScroll: true });
      },
      { defer: true },
    ),
  );
  // The parts that a running job will need are fetched with it: at its end the server may be away for a moment.
  createEffect(() => {
    if (!app.jobs.ids().some((id) => isRunning(app.jobs.find(id)?.state ?? 0))) return;
    void Promise.allSettled([
      import('./result/job-result.tsx'),
      import('./result/job-ended.tsx'),
      import('./live/sparkline.tsx'),
      import('./ask-page.tsx'),
    ]);
  });
  // A file that a reader brings is looked into at once.
  const signs = ['pointermove', 'pointerdown', 'keydown', 'dragenter'] as const;
  const prefetch = () => {
    if (app.jobs.status() !== 'live') return;
    forgetSigns();
    void Promise.allSettled([import('./upload/preparation-card.tsx')]);
  };
  const forgetSigns = () => {
    for (const sign of signs) removeEventListener(sign, prefetch);
  };
  for (const sign of signs) addEventListener(sign, prefetch, { passive: true });
  onCleanup(forgetSigns);
  const shownJob = () => {
    const now = route();
    return now.page === 'job' ? now.id : undefined;
  };
  /** A new object for each link: another question begins anew. */
  const asked = () => {
    const now = route();
    return now.page === 'ask' ? now : undefined;
  };
  const compared = () => {
    const now = route();
    return now.page === 'compare' ? now : undefined;
  };
  const takeFiles = (files: File[]) => {
    location.hash = homeHref;
    app.preparation.add(files);
  };

  return (
    <AppStateProvider value={app}>
      <button type="button" class="skip" onClick={() => main.focus()}>
        {texts.app.skip}
      </button>
      <header class="top">
        <a class="brand" href={homeHref} aria-label={texts.app.home}>
          <Mark />
          {texts.app.name}
        </a>
        <div class="top-tools">
          <Show when={app.access.hasKey()}>
            <button type="button" class="button button-quiet" onClick={app.forgetKey}>
              {texts.key.forget}
            </button>
          </Show>
          <ThemeSwitch />
        </div>
      </header>
      <ConnectionBanner />
      <main ref={main} tabindex={-1}>
        <Switch fallback={<MissingPage title={texts.missing.pageTitle} hint={texts.missing.page} />}>
          <Match when={app.access.isAsked()}>
            <KeyPage />
          </Match>
          <Match when={route().page === 'home'}>
            <HomePage />
          </Match>
          <Match when={asked()} keyed>
            {({ id, query }) => (
              <LazyPart fallback={<p class="page quiet">{texts.job.loading}</p>}>
                <AskPage id={id} query={query} />
              </LazyPart>
            )}
          </Match>
          <Match when={compared()} keyed>
            {({ id }) => (
              <LazyPart fallback={<p class="page quiet">{texts.job.loading}</p>}>
                <ComparePage id={id} />
              </LazyPart>
            )}
          </Match>
          <Match when={shownJob()} keyed>
            {(id) => <JobPage id={id} />}
          </Match>
        </Switch>
      </main>
      <Show when={app.cancels.asked()} keyed>
        {({ name }) => <ConfirmCancel name={name} />}
      </Show>
      <Toaster />
      <Show when={!app.access.isAsked()}>
        <WindowDrop onFiles={takeFiles} onProblem={(words) => app.toasts.show('error', words)} />
      </Show>
    </AppStateProvider>
  );
}

/** The link of a result that leads to a page about it. */
function linkTo(route: Route): string | undefined {
  if (route.page === 'ask') return askHref(route.id);
  return route.page === 'compare' ? compareHref(route.id) : undefined;
}
