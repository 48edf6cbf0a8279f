import { createSignal, type Signal } from 'solid-js';
import type { JobFilter } from './job-filter.ts';

/** How the list of jobs is looked at: kept while the reader looks into one of them. */
export interface ListView {
  filter: Signal<JobFilter>;
  search: Signal<string>;
  /** How many rows are shown at most. */
  limit: Signal<number>;
}

/** So many rows are shown at first, and more with every request for more. */
export const rowsAtOnce = 50;

/** Makes the {@link ListView} of the page. */
export function createListView(): ListView {
  return { filter: createSignal<JobFilter>('all'), search: createSignal(''), limit: createSignal(rowsAtOnce) };
}
