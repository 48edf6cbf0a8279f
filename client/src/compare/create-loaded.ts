import { type Accessor, batch, createEffect, createSignal, on, onCleanup } from 'solid-js';
import { describeError } from '../api/error-text.ts';
import type { Gateway } from '../api/gateway.ts';
import type { Loading } from './load-sums.ts';

/** Something that is loaded in several calls. */
export interface Loaded<Value> {
  /** Undefined until it is there. */
  value: Accessor<Value | undefined>;
  /** How many groups are there so far. */
  count: Accessor<number>;
  isLoading: Accessor<boolean>;
  /** The error in words; empty if there is none. */
  error: Accessor<string>;
  /** Loads once more after an error. */
  again(): void;
}

/**
 * Makes a {@link Loaded} out of the newest of the loadings that `source` gives; nothing is loaded while it gives none.
 *
 * @param subject of what is loaded: as long as it stays the same, the old value stays until the next is there
 */
export function createLoaded<Value>(
  gateway: Gateway,
  source: Accessor<((loading: Loading) => Promise<Value>) | undefined>,
  subject: Accessor<unknown> = () => ({}),
): Loaded<Value> {
  const [value, setValue] = createSignal<Value>();
  const [count, setCount] = createSignal(0);
  const [isLoading, setLoading] = createSignal(false);
  const [error, setError] = createSignal('');
  const [attempt, setAttempt] = createSignal(0);
  let known: unknown;

  async function run(load: (loading: Loading) => Promise<Value>, signal: AbortSignal): Promise<void> {
    const onLoaded = (groups: number) => !signal.aborted && setCount(groups);
    const set = (change: () => void) => {
      if (signal.aborted) return;
      batch(() => {
        setLoading(false);
        change();
      });
    };
    try {
      const loaded = await load({ gateway, signal, onLoaded });
      set(() => setValue(() => loaded));
    } catch (failure) {
      set(() => setError(describeError(failure)));
    }
  }

  createEffect(
    on([source, attempt], ([load]) => {
      const abort = new AbortController();
      onCleanup(() => abort.abort());
      const wanted = subject();
      batch(() => {
        if (wanted !== known) setValue(undefined);
        setCount(0);
        setLoading(load !== undefined);
        setError('');
      });
      known = wanted;
      if (load !== undefined) void run(load, abort.signal);
    }),
  );
  return { value, count, isLoading, error, again: () => setAttempt((times) => times + 1) };
}
