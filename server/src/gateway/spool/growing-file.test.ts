import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GrowingFile } from './growing-file.ts';

const never = new AbortController().signal;
const MB = 1024 * 1024;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Writes, and tells whether that has ended by the time everything that can happen now has happened. */
async function writing(
  file: GrowingFile,
  bytes: number,
  signal = never,
): Promise<{ isWaiting(): boolean; ended: Promise<void> }> {
  let isWaiting = true;
  file.wrote([], file.length + bytes);
  const ended = file.pace(signal).finally(() => (isWaiting = false));
  ended.catch(() => {});
  await turns();
  return { isWaiting: () => isWaiting, ended };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test('an upload waits for a reader that is too far behind, until it has caught up', async () => {
  const file = new GrowingFile();
  using reader = file.addReader(0);
  expect((await writing(file, 1 * MB)).isWaiting()).toBe(false);
  const { isWaiting, ended } = await writing(file, 19 * MB);
  expect(isWaiting()).toBe(true);
  reader.moveTo(18 * MB);
  await turns();
  expect(isWaiting()).toBe(true);
  reader.moveTo(19 * MB);
  await ended;
});

test('it waits for nobody where nobody reads, or where who read has gone', async () => {
  const file = new GrowingFile();
  await (await writing(file, 100 * MB)).ended;
  const other = new GrowingFile();
  const reader = other.addReader(0);
  const { isWaiting, ended } = await writing(other, 100 * MB);
  expect(isWaiting()).toBe(true);
  reader[Symbol.dispose]();
  await ended;
});

test('until a reader that came late has caught up, the upload is half as fast as it', async () => {
  const file = new GrowingFile();
  file.length = 100 * MB;
  using reader = file.addReader(0);
  const { isWaiting, ended } = await writing(file, 10 * MB);
  expect(isWaiting()).toBe(true);
  reader.moveTo(19 * MB);
  await turns();
  expect(isWaiting()).toBe(true);
  reader.moveTo(20 * MB);
  await ended;
  // A source that is slow in any case does not wait.
  reader.moveTo(80 * MB);
  expect((await writing(file, 10 * MB)).isWaiting()).toBe(false);
  reader.moveTo(119 * MB);
  // Caught up, it has to stay close.
  expect((await writing(file, 2 * MB)).isWaiting()).toBe(true);
});

test('a reader that stands still holds nobody up for long; when it moves again, the upload waits for it again', async () => {
  const file = new GrowingFile();
  using reader = file.addReader(0);
  const { isWaiting, ended } = await writing(file, 20 * MB);
  await vi.advanceTimersByTimeAsync(900);
  expect(isWaiting()).toBe(true);
  await vi.advanceTimersByTimeAsync(1_200);
  await ended;
  expect((await writing(file, 40 * MB)).isWaiting()).toBe(false);
  reader.moveTo(1 * MB);
  const again = await writing(file, 1 * MB);
  expect(again.isWaiting()).toBe(true);
  reader.moveTo(3 * MB);
  await again.ended;
});

test('waiting ends with the signal', async () => {
  const file = new GrowingFile();
  using _reader = file.addReader(0);
  const stop = new AbortController();
  using _waking = file.wakeOn(stop.signal);
  const { ended } = await writing(file, 20 * MB, stop.signal);
  stop.abort(new Error('enough'));
  await expect(ended).rejects.toThrow('enough');
});

test('what was written is kept for a reader that follows, until it has it', () => {
  const file = new GrowingFile();
  file.wrote([Buffer.from('nobody')], 6);
  expect(file.tail.from(0, 100)).toEqual([]);
  const reader = file.addReader(6);
  file.wrote([Buffer.from('somebody')], 14);
  expect(String(file.tail.from(6, 100))).toBe('somebody');
  reader.moveTo(14);
  expect(file.tail.from(6, 100)).toEqual([]);
  file.wrote([Buffer.from('more')], 18);
  reader[Symbol.dispose]();
  expect(file.tail.from(14, 100)).toEqual([]);
});

test('nothing is kept for a reader that is far behind', () => {
  const file = new GrowingFile();
  file.length = 100 * MB;
  using reader = file.addReader(0);
  file.wrote([Buffer.from('more')], 100 * MB + 4);
  expect(file.tail.from(100 * MB, 4)).toEqual([]);
  reader.moveTo(100 * MB + 4);
  file.wrote([Buffer.alloc(1.5 * MB)], 101.5 * MB + 4);
  expect(file.tail.from(100 * MB + 4, 1)).toHaveLength(1);
  file.wrote([Buffer.alloc(1)], 101.5 * MB + 5);
  expect(file.tail.from(100 * MB + 4, 1)).toEqual([]);
});
