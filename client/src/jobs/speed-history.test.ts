import { expect, test } from 'vitest';
import { makeHistory } from './speed-history.ts';

test('every step has its end and what grew within it', () => {
  const history = makeHistory(500);
  expect(history.rates()).toEqual([[], []]);
  history.add(0, 1000);
  history.add(50, 1250);
  history.add(100, 1500);
  history.add(400, 2500);
  expect(history.rates()).toEqual([
    [0.5, 1.5],
    [200, 300],
  ]);
});

test('a long time has no more steps than a short one, and all of its growth', () => {
  const history = makeHistory(500, 240);
  for (let index = 0; index <= 100_000; index++) history.add(index * index, index * 100);
  const [seconds, rates] = history.rates();
  expect(seconds.length).toBeGreaterThan(100);
  expect(seconds.length).toBeLessThanOrEqual(240);
  const grown = rates.reduce((sum, rate, index) => sum + rate * ((seconds[index] ?? 0) - (seconds[index - 1] ?? 0)), 0);
  const end = Math.round((seconds.at(-1) ?? 0) * 10);
  expect(grown).toBeCloseTo(end * end, -2);
});

test('a value that falls starts afresh', () => {
  const history = makeHistory(500);
  history.add(100, 0);
  history.add(200, 1000);
  history.add(0, 2000);
  history.add(10, 3000);
  expect(history.rates()).toEqual([[1], [10]]);
});
