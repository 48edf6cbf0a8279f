import { For, Match, Show, Switch } from 'solid-js';
import { useApp } from '../app-state.ts';
import { createNow } from '../reactive/now.ts';
import { texts } from '../texts.ts';
import { EmptyJobs } from './empty-jobs.tsx';
import { FileHead } from './file-head.tsx';
import { passesFilter, passesSearch } from './job-filter.ts';
import { JobRow } from './job-row.tsx';
import { JobTools } from './job-tools.tsx';
import { rowsAtOnce } from './list-view.ts';
import { createListedJobs } from './listed-jobs.ts';

/** So few are seen at one glance. */
const fewestToFilter = 4;

/** All jobs, newest first. The questions about one file stand together, where the newest of them is. */
export function JobList() {
  const app = useApp();
  const now = createNow(20_000);
  const [limit, setLimit] = app.listView.limit;
  const [filter, setFilter] = app.listView.filter;
  const [search, setSearch] = app.listView.search;
  let list!: HTMLUListElement;
  const listed = createListedJobs(app.jobs, (job) => passesFilter(job, filter()) && passesSearch(job, search()));
  const found = listed.ids;
  const isFiltered = () => filter() !== 'all' || search() !== '';
  const showAll = () => {
    setFilter('all');
    setSearch('');
  };
  const showMore = () => {
    const firstNew = list.children.length;
    setLimit((rows) => rows + rowsAtOnce);
    list.children[firstNew]?.querySelector('a')?.focus();
  };
  return (
    <section class="jobs" aria-labelledby="files">
      <header class="jobs-head">
        <h2 id="files" tabindex={-1}>
          {texts.jobs.heading}
        </h2>
        <Show when={app.jobs.ids().length >= fewestToFilter || isFiltered()}>
          <JobTools filter={filter()} onFilter={setFilter} search={search()} onSearch={setSearch} />
        </Show>
      </header>
      <Switch fallback={<p class="quiet">{texts.jobs.loading}</p>}>
        <Match when={found().length > 0}>
          <ul class="job-list" ref={list}>
            <For each={found().slice(0, limit())}>
              {(id) => (
                <Show when={app.jobs.find(id)}>
                  {(job) => (
                    <li
                      class="job-item"
                      classList={{
                        'is-question': listed.questionOf(id) !== undefined,
                        'is-first': listed.isFirstOfFile(id),
                      }}
                    >
                      <Show when={listed.questionOf(id) && listed.isFirstOfFile(id)}>
                        <FileHead job={job()} questions={listed.countQuestions(id)} />
                      </Show>
                      <JobRow job={job()} question={listed.questionOf(id)} nowMs={now()} />
                    </li>
                  )}
                </Show>
              )}
            </For>
          </ul>
          <Show when={found().length > limit()}>
            <button type="button" class="button" onClick={showMore}>
              {texts.jobs.more}
            </button>
          </Show>
        </Match>
        <Match when={isFiltered()}>
          <div class="empty">
            <p role="status">{texts.jobs.noneFound}</p>
            <button type="button" class="button" onClick={showAll}>
              {texts.jobs.showAll}
            </button>
          </div>
        </Match>
        <Match when={app.jobs.isLoaded()}>
          <EmptyJobs />
        </Match>
      </Switch>
    </section>
  );
}
