import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { formatWhen, secondsBetween, toMillis } from './timestamp.ts';

const now = Date.UTC(2026, 2, 5, 12);
const ago = (seconds: number) => formatWhen(timestampFromMs(now - seconds * 1000), now);

describe('formatWhen', () => {
  it.each([
    [-3, 'now'],
    [10, 'now'],
    [50, '1 minute ago'],
    [3000, '50 minutes ago'],
    [3590, '1 hour ago'],
    [80_000, '22 hours ago'],
  ])('%d s ago is %s', (seconds, text) => expect(ago(seconds)).toBe(text));

  it('is a date after a day', () => expect(ago(200_000)).toMatch(/\d.*3.*\d/));
});

it('counts milliseconds with fractions', () => {
  expect(toMillis(timestampFromMs(1234.5))).toBeCloseTo(1234.5, 0);
});

it('never counts backwards', () => {
  expect(secondsBetween(timestampFromMs(1000), timestampFromMs(3500))).toBe(2.5);
  expect(secondsBetween(timestampFromMs(3500), timestampFromMs(1000))).toBe(0);
});
