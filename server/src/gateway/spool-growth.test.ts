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
  reader.moveTo(3 * MB);
  await turns();
  expect(isWaiting()).toBe(true);
  reader.moveTo(4 * MB);
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
