import { For } from 'solid-js';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { texts } from '../texts.ts';
import { SearchField } from '../ui/search-field.tsx';
import { type JobFilter, jobFilters, passesFilter } from './job-filter.ts';

/** Chooses which jobs the list shows. */
export function JobTools(props: {
  filter: JobFilter;
  onFilter: (filter: JobFilter) => void;
  search: string;
  onSearch: (search: string) => void;
}) {
  const { jobs } = useApp();
  const count = (filter: JobFilter) =>
    jobs.ids().filter((id) => {
      const job = jobs.find(id);
      return job !== undefined && passesFilter(job, filter);
    }).length;
  return (
    <>
      <fieldset class="filters" aria-label={texts.jobs.filter}>
        <For each={jobFilters}>
          {(filter) => (
            <label>
              <input
                type="radio"
                name="job-filter"
                checked={props.filter === filter}
                onChange={() => props.onFilter(filter)}
              />
              {texts.jobs.filters[filter]} <span class="quiet">{formatCount(count(filter))}</span>
            </label>
          )}
        </For>
      </fieldset>
      <SearchField label={texts.jobs.search} value={props.search} onInput={props.onSearch} />
    </>
  );
}
