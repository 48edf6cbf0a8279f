import { type Accessor, batch, createSignal, onCleanup, untrack } from 'solid-js';
import { describeError } from '../api/error-text.ts';
import { makeLatest, stale } from '../reactive/latest.ts';

/** One page of a list. */
export interface Page<Row> {
  rows: Row[];
  nextPageToken: string;
  totalSize: number;
}

/** A list that is loaded page by page. */
export interface Paged<Row> {
  rows: Accessor<readonly Row[]>;
  /** Rows on all pages together; undefined before the first. */
  totalSize: Accessor<number | undefined>;
  hasMore: Accessor<boolean>;
  isLoading: Accessor<boolean>;
  /** The error in words; empty if there is none. */
  error: Accessor<string>;
  /** Loads the first page again. The old rows stay until it is there. */
  reload(): void;
  /** Loads the next page, unless one is on its way or could not be had. */
  loadMore(): void;
  /** Loads the page that failed once more. */
  again(): void;
}

/** Makes a {@link Paged} list. An answer that a newer call has overtaken is dropped. */
export function createPaged<Row>(
  fetchPage: (pageToken: string, signal: AbortSignal) => Promise<Page<Row>>,
): Paged<Row> {
  const [rows, setRows] = createSignal<readonly Row[]>([]);
  const [totalSize, setTotalSize] = createSignal<number>();
  const [token, setToken] = createSignal('');
  const [isLoading, setLoading] = createSignal(false);
  const [error, setError] = createSignal('');
  const latest = makeLatest();
  let asked = '';
  onCleanup(() => latest.stop());

  async function load(pageToken: string): Promise<void> {
    asked = pageToken;
    setLoading(true);
    setError('');
    try {
      const page = await latest.run((signal) => fetchPage(pageToken, signal));
      if (page === stale) return;
      // All at once: a caller that asks for more when rows have come gets them.
      batch(() => {
        setRows((known) => (pageToken === '' ? page.rows : [...known, ...page.rows]));
        setTotalSize(page.totalSize);
        setToken(page.nextPageToken);
        setLoading(false);
      });
    } catch (failure) {
      batch(() => {
        setError(describeError(failure));
        setLoading(false);
      });
    }
  }

  return {
    rows,
    totalSize,
    hasMore: () => token() !== '',
    isLoading,
    error,
    reload: () => void load(''),
    loadMore() {
      // An effect that calls this must not run again by the changes.
      untrack(() => {
        if (token() !== '' && !isLoading() && error() === '') void load(token());
      });
    },
    again: () => void load(asked),
  };
}
