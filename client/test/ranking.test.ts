/// <reference lib="dom" />
/** The ranking of a job that runs, while groups overtake each other. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCREENSHOTS } from './page-test.ts';
import { SamplePage } from './sample-page.ts';

let sample: SamplePage;
beforeAll(async () => {
  sample = await SamplePage.start();
});
afterAll(() => sample[Symbol.asyncDispose]());

test('rows that change places never lie over each other, and move by transforms alone', async () => {
  const { page, troubles } = await sample.open('#/jobs/9', 'groups');
  await page.locator('.ranking li').first().waitFor();
  const seen = await page.evaluate(async (wanted) => {
    const seen = { frames: 0, overlaps: 0, moves: new Set<Animation>(), properties: new Set<string>() };
    while (seen.moves.size < wanted) {
      await new Promise(requestAnimationFrame);
      seen.frames++;
      const list = document.querySelector('.ranking');
      for (const animation of list?.getAnimations({ subtree: true }) ?? []) {
        const { effect } = animation;
        if (!(effect instanceof KeyframeEffect) || animation instanceof CSSTransition) continue;
        seen.moves.add(animation);
        for (const frame of effect.getKeyframes()) {
          for (const name of Object.keys(frame)) seen.properties.add(name);
        }
      }
      // The part of each row that its place shows.
      const spans = [...document.querySelectorAll('.ranking li')]
        .map((place) => {
          const [outer, inner] = [place, place.querySelector('.ranking-row') ?? place].map((element) =>
            element.getBoundingClientRect(),
          );
          const clips = getComputedStyle(place).overflowY === 'clip';
          const top = clips ? Math.max(outer!.top, inner!.top) : inner!.top;
          const bottom = clips ? Math.min(outer!.bottom, inner!.bottom) : inner!.bottom;
          return { top, bottom };
        })
        .sort((a, b) => a.top - b.top);
      spans.forEach(({ bottom }, index) => {
        const next = spans[index + 1];
        if (next !== undefined && bottom > next.top + 0.5) seen.overlaps++;
      });
    }
    return { ...seen, moves: seen.moves.size, properties: [...seen.properties] };
  }, 24);
  expect(seen.overlaps).toBe(0);
  expect(seen.frames).toBeGreaterThan(24);
  expect(seen.properties.toSorted()).toEqual(['composite', 'computedOffset', 'easing', 'offset', 'transform']);
  await page.screenshot({ path: `${SCREENSHOTS}/ranking-race.png` });
  expect(troubles).toEqual([]);
});
