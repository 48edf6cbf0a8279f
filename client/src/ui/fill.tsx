import { createMemo } from 'solid-js';

/** Smaller steps look smooth as they are. To move the bar along them would cost the browser sixty frames a second. */
const visibleStep = 0.01;

/** The filled part of a bar, from 0 to 1. */
export function Fill(props: { share: number }) {
  const step = createMemo<{ share: number; isLarge: boolean }>(
    (last) => ({ share: props.share, isLarge: Math.abs(props.share - last.share) > visibleStep }),
    { share: 0, isLarge: false },
  );
  return (
    <span class="fill" classList={{ 'is-gliding': step().isLarge }} style={{ transform: `scaleX(${step().share})` }} />
  );
}
