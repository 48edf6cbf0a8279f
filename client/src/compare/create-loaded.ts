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
  /** The error in words; empty if there is none. */
  error: Accessor<string>;
  /** Loads once more after an error. */
  again(): void;
}

/** Makes a {@link Loaded} out of the newest of the loadings that `source` gives; nothing is loaded while it gives none. */
export function createLoaded<Value>(
  gateway: Gateway,
  source: Accessor<((loading: Loading) => Promise<Value>) | undefined>,
): Loaded<Value> {
  const [value, setValue] = createSignal<Value>();
  const [count, setCount] = createSignal(0);
  const [error, setError] = createSignal('');
  const [attempt, setAttempt] = createSignal(0);
  createEffect(
    on([source, attempt], ([load]) => {
      const abort = new AbortController();
      onCleanup(() => abort.abort());
      batch(() => {
        setValue(undefined);
        setCount(0);
        setError('');
      });
      const { signal } = abort;
      const loading: Loading = { gateway, signal, onLoaded: (groups) => !signal.aborted && setCount(groups) };
      load?.(loading).then(
        (loaded) => {
          if (!signal.aborted) setValue(() => loaded);
        },
        (failure) => {
          if (!signal.aborted) setError(describeError(failure));
        },
      );
    }),
  );
  return { value, count, error, again: () => setAttempt((times) => times + 1) };
}
