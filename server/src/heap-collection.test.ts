import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepHeapCollected } from './heap-collection.ts';

const MB = 1024 * 1024;
const heap = { used: 0, live: 0, external: 0, arrayBuffers: 0 };
const gc = vi.fn(() => {
  heap.used = heap.live;
  heap.external = 0;
  heap.arrayBuffers = 0;
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('gc', gc);
  vi.spyOn(process, 'memoryUsage').mockImplementation(() => ({
    rss: 0,
    heapTotal: 0,
    heapUsed: heap.used,
    external: heap.external,
    arrayBuffers: heap.arrayBuffers,
  }));
  gc.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
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

test.each(['external', 'arrayBuffers'] as const)(
  'a small heap that holds much memory outside of it is collected: %s',
  (kind) => {
    heap.live = 12 * MB;
    keepHeapCollected();
    expect(isCollectedAt(12 * MB)).toBe(true);
    heap[kind] = 3 * MB;
    expect(isCollectedAt(12 * MB)).toBe(false);
    heap[kind] = 400 * MB;
    expect(isCollectedAt(12 * MB)).toBe(true);
  },
);

test('what little garbage there is waits for some seconds, and a flood of it does not', () => {
  heap.live = 12 * MB;
  keepHeapCollected();
  expect(isCollectedAt(12 * MB)).toBe(true);
  const collections = () => gc.mock.calls.length;
  const before = collections();
  heap.used = 20 * MB;
  vi.advanceTimersByTime(3_000);
  expect(collections()).toBe(before);
  vi.advanceTimersByTime(3_000);
  expect(collections()).toBe(before + 1);
  heap.external = 100 * MB;
  vi.advanceTimersByTime(1_000);
  expect(collections()).toBe(before + 2);
});

test('shared memory that nobody wants any more is among the memory that is looked at', () => {
  vi.restoreAllMocks();
  const before = process.memoryUsage().arrayBuffers;
  const memory = new SharedArrayBuffer(64 * MB);
  expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThanOrEqual(memory.byteLength / 2);
});

test('nothing is done where Node.js does not let it', () => {
  vi.stubGlobal('gc', undefined);
  keepHeapCollected();
  expect(vi.getTimerCount()).toBe(0);
});
