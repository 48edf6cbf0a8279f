import { type Accessor, createSignal, onCleanup } from 'solid-js';

/** How many pixels a rem has, followed as long as its owner lives: letters grow with the window and the reader's wish. */
export function createRootFontSize(): Accessor<number> {
  const measure = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const [rem, setRem] = createSignal(measure());
  const follow = () => setRem(measure());
  window.addEventListener('resize', follow);
  onCleanup(() => window.removeEventListener('resize', follow));
  return rem;
}
