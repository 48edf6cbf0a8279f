import { expect, test } from 'vitest';
import { RateMeter } from './rate-meter.ts';

test('a steady stream has its rate, and a change shows within the window', () => {
  const meter = new RateMeter();
  let rate = 0;
  for (let at = 0; at <= 10_000; at += 100) rate = meter.sample(at, at * 10);
  expect(rate).toBeCloseTo(10_000, -2);
  for (let at = 10_100; at <= 14_000; at += 100) rate = meter.sample(at, 100_000 + (at - 10_000) * 50);
  expect(rate).toBeCloseTo(50_000, -3);
});

test('one sample has no rate', () => {
  expect(new RateMeter().sample(5, 1000)).toBe(0);
});
