import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepHeapCollected } from './heap-collection.ts';

const MB = 1024 * 1024;
const heap = vi.hoisted(() => ({ used: 0, live: 0, external: 0 }));
vi.mock('node:v8', () => ({
  getHeapStatistics: () => ({ used_heap_size: heap.used, external_memory: heap.external }),
}));

const gc = vi.fn(() => {
  heap.used = heap.live;
  heap.external = 0;
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('gc', gc);
  gc.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Whether a heap of so many bytes is collected when it is looked at next. */
function isCollectedAt(used: number): boolean {
  heap.used = used;
  const before = gc.mock.calls.length;
  vi.advanceTimersByTime(60_000);
  return gc.mock.calls.length > before;
}

test('the garbage of a start is collected, and then what some gigabytes leave', () => {
  heap.live = 12 * MB;
  keepHeapCollected();
  expect(isCollectedAt(20 * MB)).toBe(true);
  expect(isCollectedAt(15 * MB)).toBe(false);
  expect(isCollectedAt(17 * MB)).toBe(true);
});

test('a heap that is large and in use is not collected again and again', () => {
  heap.live = 100 * MB;
  keepHeapCollected();
  expect(isCollectedAt(101 * MB)).toBe(true);
  expect(isCollectedAt(120 * MB)).toBe(false);
  expect(isCollectedAt(126 * MB)).toBe(true);
});

test('a small heap that holds much memory outside of it is collected', () => {
  heap.live = 12 * MB;
  keepHeapCollected();
  expect(isCollectedAt(12 * MB)).toBe(true);
  heap.external = 3 * MB;
  expect(isCollectedAt(12 * MB)).toBe(false);
  heap.external = 400 * MB;
  expect(isCollectedAt(12 * MB)).toBe(true);
});

test('nothing is done where Node.js does not let it', () => {
  vi.stubGlobal('gc', undefined);
  keepHeapCollected();
  expect(vi.getTimerCount()).toBe(0);
});
