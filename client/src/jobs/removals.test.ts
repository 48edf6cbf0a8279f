import { expect, test, vi } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { createRemovals } from './removals.ts';

test('a job is out of sight at once, and erased when its time is over, once', () => {
  const erase = vi.fn(() => new Promise<void>(() => {}));
  const removals = createRemovals(erase);
  removals.remove('a');
  removals.remove('a');
  expect(removals.has('a')).toBe(true);
  expect(removals.waiting()).toBe(1);
  expect(erase).not.toHaveBeenCalled();
  removals.flush();
  // It is being erased.
  removals.remove('a');
  removals.flush();
  expect(erase.mock.calls).toEqual([['a']]);
  expect(removals.has('a')).toBe(true);
});

test('jobs that are called back in time are in sight again and stay', () => {
  const erase = vi.fn(async () => {});
  const removals = createRemovals(erase);
  removals.remove('a');
  removals.remove('b');
  expect(removals.undo()).toEqual(['a', 'b']);
  expect([removals.has('a'), removals.has('b'), removals.waiting()]).toEqual([false, false, 0]);
  removals.flush();
  expect(erase).not.toHaveBeenCalled();
});

test('a job that is being erased cannot be called back', () => {
  const removals = createRemovals(() => new Promise(() => {}));
  removals.remove('a');
  removals.flush();
  expect(removals.undo()).toEqual([]);
  expect(removals.has('a')).toBe(true);
});

test('a job that cannot be erased is in sight again', async () => {
  const removals = createRemovals(() => Promise.reject(new Error('away')));
  removals.remove('a');
  removals.flush();
  await eventually(() => expect(removals.has('a')).toBe(false));
});
