import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Growth } from './spool-growth.ts';

const never = new AbortController().signal;
const MB = 1024 * 1024;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Starts to pace, and tells whether that has ended by the time everything that can happen now has happened. */
async function pacing(growth: Growth, signal = never): Promise<{ isWaiting(): boolean; ended: Promise<void> }> {
  let isWaiting = true;
  const ended = growth.pace(signal).finally(() => (isWaiting = false));
  ended.catch(() => {});
  await turns();
  return { isWaiting: () => isWaiting, ended };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test('an upload waits for a reader that had kept up and is far behind, until it has caught up', async () => {
  const growth = new Growth();
  using reader = growth.addReader(0);
  growth.length = 20 * MB;
  const { isWaiting, ended } = await pacing(growth);
  expect(isWaiting()).toBe(true);
  reader.moveTo(17 * MB);
  await turns();
  expect(isWaiting()).toBe(true);
  reader.moveTo(18 * MB);
  await ended;
});

test('it waits for nobody where nobody reads, or where who read has gone', async () => {
  const growth = new Growth();
  growth.length = 100 * MB;
  await growth.pace(never);
  const other = new Growth();
  const reader = other.addReader(0);
  other.length = 100 * MB;
  const { isWaiting, ended } = await pacing(other);
  expect(isWaiting()).toBe(true);
  reader[Symbol.dispose]();
  await ended;
});

test('a reader that begins far behind is not waited for before it has caught up', async () => {
  const growth = new Growth();
  growth.length = 100 * MB;
  using reader = growth.addReader(0);
  await growth.pace(never);
  reader.moveTo(99 * MB);
  growth.length = 200 * MB;
  expect((await pacing(growth)).isWaiting()).toBe(true);
});

test('a reader that begins a little behind is waited for until it has caught up', async () => {
  const growth = new Growth();
  growth.length = 30 * MB;
  using reader = growth.addReader(0);
  const { isWaiting, ended } = await pacing(growth);
  expect(isWaiting()).toBe(true);
  reader.moveTo(29 * MB);
  await ended;
});

test('what was written is kept for a reader that follows, until it has it', () => {
  const growth = new Growth();
  growth.wrote([Buffer.from('nobody')], 6);
  expect(growth.tail.from(0, 100)).toEqual([]);
  const reader = growth.addReader(6);
  growth.wrote([Buffer.from('somebody')], 14);
  expect(String(growth.tail.from(6, 100))).toBe('somebody');
  reader.moveTo(14);
  expect(growth.tail.from(6, 100)).toEqual([]);
  growth.wrote([Buffer.from('more')], 18);
  reader[Symbol.dispose]();
  expect(growth.tail.from(14, 100)).toEqual([]);
});

test('nothing is kept for a reader that is far behind, or stands still', async () => {
  const growth = new Growth();
  growth.length = 100 * MB;
  using reader = growth.addReader(0);
  growth.wrote([Buffer.from('more')], 100 * MB + 4);
  expect(growth.tail.from(100 * MB, 4)).toEqual([]);
  reader.moveTo(100 * MB + 4);
  growth.wrote([Buffer.alloc(3 * MB)], 103 * MB + 4);
  expect(growth.tail.from(100 * MB + 4, 1)).toHaveLength(1);
  const { ended } = await pacing(growth);
  await vi.advanceTimersByTimeAsync(2_100);
  await ended;
  expect(growth.tail.from(100 * MB + 4, 1)).toEqual([]);
});

test('a reader that stands still holds nobody up for long, and again once it has caught up', async () => {
  const growth = new Growth();
  using reader = growth.addReader(0);
  growth.length = 20 * MB;
  const { isWaiting, ended } = await pacing(growth);
  await vi.advanceTimersByTimeAsync(900);
  expect(isWaiting()).toBe(true);
  await vi.advanceTimersByTimeAsync(1_200);
  await ended;
  growth.length = 40 * MB;
  await growth.pace(never);
  reader.moveTo(39 * MB);
  growth.length = 60 * MB;
  expect((await pacing(growth)).isWaiting()).toBe(true);
});

test('waiting ends with the signal', async () => {
  const growth = new Growth();
  using _reader = growth.addReader(0);
  growth.length = 20 * MB;
  const stop = new AbortController();
  using _waking = growth.wakeOn(stop.signal);
  const { ended } = await pacing(growth, stop.signal);
  stop.abort(new Error('enough'));
  await expect(ended).rejects.toThrow('enough');
});
