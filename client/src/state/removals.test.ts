import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRemovals } from './removals.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a job is out of sight at once, and erased when the time to call it back is over', async () => {
  const erase = vi.fn(async () => {});
  const removals = createRemovals(erase, 1000);
  removals.remove('a');
  removals.remove('a');
  expect(removals.has('a')).toBe(true);
  await vi.advanceTimersByTimeAsync(999);
  expect(erase).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(erase.mock.calls).toEqual([['a']]);
});

test('a job that is called back in time is in sight again and stays', async () => {
  const erase = vi.fn(async () => {});
  const removals = createRemovals(erase, 1000);
  removals.remove('a');
  removals.undo('a');
  expect(removals.has('a')).toBe(false);
  await vi.advanceTimersByTimeAsync(5000);
  expect(erase).not.toHaveBeenCalled();
});

test('a job that cannot be erased is in sight again', async () => {
  const removals = createRemovals(() => Promise.reject(new Error('away')), 1000);
  removals.remove('a');
  await vi.advanceTimersByTimeAsync(1000);
  expect(removals.has('a')).toBe(false);
});

test('a page that closes erases what is out of sight, once', async () => {
  const erase = vi.fn(async () => {});
  const removals = createRemovals(erase, 1000);
  removals.remove('a');
  removals.remove('b');
  removals.undo('b');
  removals.flush();
  removals.undo('a');
  await vi.advanceTimersByTimeAsync(5000);
  expect(erase.mock.calls).toEqual([['a']]);
});
