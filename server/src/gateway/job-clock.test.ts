import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { afterEach, expect, test, vi } from 'vitest';
import { JobClock } from './job-clock.ts';

afterEach(() => {
  vi.useRealTimers();
});

const NONE = { createTime: undefined, startTime: undefined, uploadFinishTime: undefined, finishTime: undefined };

test('a clock of the machine that is set back, or far ahead, changes no distance', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  let passedMs = 500;
  const clock = new JobClock(NONE, () => passedMs);
  expect(timestampMs(clock.now())).toBe(1_000_000);
  vi.setSystemTime(0);
  passedMs += 3_000;
  expect(timestampMs(clock.now())).toBe(1_003_000);
  vi.setSystemTime(9_000_000);
  expect(timestampMs(clock.now())).toBe(1_003_000);
});

test('after a restart with a clock that is set back nothing happens before what has happened', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
  const times = { ...NONE, createTime: timestampFromMs(5_000), startTime: timestampFromMs(7_000) };
  expect(timestampMs(new JobClock(times).now())).toBeGreaterThanOrEqual(7_000);
});
