import { type Accessor, createSignal, onCleanup } from 'solid-js';
import { describeError } from '../api/error-words.ts';
import { makeLatest, stale } from '../lib/latest.ts';

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
  /** What went wrong, in words; empty if nothing did. */
  error: Accessor<string>;
  /** Loads the first page again. The old rows stay until it is there. */
  reload(): void;
  /** Loads the next page, unless one is on its way. */
  loadMore(): void;
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
  onCleanup(() => latest.stop());

  async function load(pageToken: string): Promise<void> {
    setLoading(true);
    setError('');
    try {
      const page = await latest.run((signal) => fetchPage(pageToken, signal));
      if (page === stale) return;
      setRows((known) => (pageToken === '' ? page.rows : [...known, ...page.rows]));
      setTotalSize(page.totalSize);
      setToken(page.nextPageToken);
    } catch (failure) {
      setError(describeError(failure));
    }
    setLoading(false);
  }

  return {
    rows,
    totalSize,
    hasMore: () => token() !== '',
    isLoading,
    error,
    reload: () => void load(''),
    loadMore() {
      if (token() !== '' && !isLoading()) void load(token());
    },
  };
}
