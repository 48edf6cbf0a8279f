import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PacedStarts } from './paced-starts.ts';

const PAUSE_MS = 20;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function startsOf(utilization: number, free = 0, now = () => 1_000) {
  const begun: string[] = [];
  const starts = new PacedStarts({ free, pauseMs: PAUSE_MS }, () => utilization, now);
  const add = (caller: string, name: string, isGone = () => false) =>
    starts.add(caller, { isGone, begin: () => begun.push(name) });
  return { add, begun };
}

test('while the thread is busy there is a pause before each start, and callers take turns', () => {
  const { add, begun } = startsOf(0.9);
  for (let index = 0; index < 3; index++) add('greedy', `greedy ${index}`);
  add('modest', 'modest');
  expect(begun).toEqual([]);
  vi.advanceTimersByTime(PAUSE_MS);
  expect(begun).toEqual(['greedy 0']);
  vi.advanceTimersByTime(PAUSE_MS);
  expect(begun).toEqual(['greedy 0', 'modest']);
  vi.advanceTimersByTime(2 * PAUSE_MS);
  expect(begun).toEqual(['greedy 0', 'modest', 'greedy 1', 'greedy 2']);
});

test('what is given up while it waits is never begun, and takes no turn', () => {
  const { add, begun } = startsOf(0.9);
  let isGone = false;
  for (let index = 0; index < 1000; index++) add('greedy', 'gone', () => isGone);
  add('greedy', 'wanted');
  isGone = true;
  vi.advanceTimersByTime(PAUSE_MS);
  expect(begun).toEqual(['wanted']);
});

test('while the thread has rest nothing waits for more than a turn of the event loop', () => {
  const { add, begun } = startsOf(0.1);
  for (let index = 0; index < 100; index++) add('caller', `${index}`);
  vi.advanceTimersByTime(0);
  expect(begun.length).toBeGreaterThan(0);
  vi.runAllTimers();
  expect(begun).toHaveLength(100);
});

test('the first starts of each caller in a second are begun at once, however busy the thread is', () => {
  let now = 1_000;
  const { add, begun } = startsOf(0.9, 2, () => now);
  for (let index = 0; index < 4; index++) add('greedy', `greedy ${index}`);
  add('modest', 'modest');
  expect(begun).toEqual(['greedy 0', 'greedy 1', 'modest']);
  now += 1_000;
  add('greedy', 'later');
  expect(begun.slice(3)).toEqual(['later']);
  vi.advanceTimersByTime(2 * PAUSE_MS);
  expect(begun.slice(4)).toEqual(['greedy 2', 'greedy 3']);
});
