import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js';

/**
 * Follows a value, but changes at most once in `everyMs`. The last value always arrives.
 *
 * @param isSmall says that a change need not wait
 */
export function createThrottled<T>(
  source: Accessor<T>,
  everyMs: number,
  isSmall: (before: T, after: T) => boolean = () => false,
): Accessor<T> {
  const [value, setValue] = createSignal<T>(source());
  let changedMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = () => {
    timer = undefined;
    changedMs = performance.now();
    setValue(() => source());
  };
  createEffect(
    on(
      source,
      (next) => {
        if (timer === undefined && isSmall(value(), next)) setValue(() => next);
        else timer ??= setTimeout(take, Math.max(0, changedMs + everyMs - performance.now()));
      },
      { defer: true },
    ),
  );
  onCleanup(() => clearTimeout(timer));
  return value;
}
