import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js';

/** Follows a value, but changes at most once in `everyMs`. The last value always arrives. */
export function createThrottled<T>(source: Accessor<T>, everyMs: number): Accessor<T> {
  const [value, setValue] = createSignal<T>(source());
  let changedMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = () => {
    timer = undefined;
    changedMs = performance.now();
    setValue(() => source());
  };
  createEffect(
    on(
      source,
      () => {
        timer ??= setTimeout(take, Math.max(0, changedMs + everyMs - performance.now()));
      },
      { defer: true },
    ),
  );
  onCleanup(() => clearTimeout(timer));
  return value;
}
