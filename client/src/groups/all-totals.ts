import { type Accessor, batch, createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { describeError } from '../api/error-text.ts';
import type { Gateway } from '../api/gateway.ts';

/** A result of more groups is not loaded as a whole: it would fill the memory of a phone. */
export const mostLoadedGroups = 100_000;
/** The most that the server gives at once. */
const pageSize = 10_000;

/** All totals of a result, in the memory of the page. */
export interface AllTotals {
  /** Undefined until the last of them is there. */
  totals: Accessor<readonly Total[] | undefined>;
  loaded: Accessor<number>;
  /** The error in words; empty if there is none. */
  error: Accessor<string>;
  /** Loads them once more after an error. */
  again(): void;
}

/** Loads all totals of the job that is named, as long as one is. */
export function createAllTotals(gateway: Gateway, jobId: Accessor<string | undefined>): AllTotals {
  const [totals, setTotals] = createSignal<readonly Total[]>();
  const [loaded, setLoaded] = createSignal(0);
  const [error, setError] = createSignal('');
  const [attempt, setAttempt] = createSignal(0);

  async function load(id: string, signal: AbortSignal): Promise<void> {
    const all: Total[] = [];
    for (let pageToken = ''; ; ) {
      const page = await gateway.listTotals({ jobId: id, pageSize, pageToken }, { signal });
      all.push(...page.totals);
      setLoaded(all.length);
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
    }
    setTotals(all);
  }

  createEffect(
    on([jobId, attempt], ([id]) => {
      const abort = new AbortController();
      onCleanup(() => abort.abort());
      batch(() => {
        setTotals(undefined);
        setLoaded(0);
        setError('');
      });
      if (id === undefined) return;
      load(id, abort.signal).catch((failure) => {
        if (!abort.signal.aborted) setError(describeError(failure));
      });
    }),
  );
  return { totals, loaded, error, again: () => setAttempt((count) => count + 1) };
}
