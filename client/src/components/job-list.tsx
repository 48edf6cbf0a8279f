import { createSignal, For, Match, Show, Switch } from 'solid-js';
import { createNow } from '../lib/now.ts';
import { useApp } from '../state/app-state.tsx';
import { texts } from '../texts.ts';
import { EmptyJobs } from './empty-jobs.tsx';
import { JobRow } from './job-row.tsx';

const step = 50;

/** All jobs, newest first. */
export function JobList() {
  const app = useApp();
  const now = createNow(20_000);
  const [shown, setShown] = createSignal(step);
  return (
    <section class="jobs" aria-labelledby="files">
      <h2 id="files">{texts.jobs.heading}</h2>
      <Switch fallback={<p class="quiet">{texts.jobs.loading}</p>}>
        <Match when={app.jobs.ids().length > 0}>
          <ul class="job-list">
            <For each={app.jobs.ids().slice(0, shown())}>
              {(id) => <Show when={app.jobs.find(id)}>{(job) => <JobRow job={job()} nowMs={now()} />}</Show>}
            </For>
          </ul>
          <Show when={app.jobs.ids().length > shown()}>
            <button type="button" class="button" onClick={() => setShown((count) => count + step)}>
              {texts.jobs.more}
            </button>
          </Show>
        </Match>
        <Match when={app.jobs.isLoaded()}>
          <EmptyJobs />
        </Match>
      </Switch>
    </section>
  );
}
