import { describe, expect, it } from 'vitest';
import { makeTimeLeft, roundTimeLeft } from './time-left.ts';

describe('makeTimeLeft', () => {
  it('says nothing while the first estimates are wild', () => {
    const left = makeTimeLeft();
    expect(left.update(1000, 10, 0)).toBeUndefined();
    expect(left.update(1000, 10, 1000)).toBeUndefined();
    expect(left.update(1000, 10, 1500)).toBe(100);
  });

  it('counts down with the clock when the rate is steady', () => {
    const left = makeTimeLeft();
    let seconds: number | undefined;
    for (let at = 0; at <= 20_000; at += 100) seconds = left.update(1000 - at / 100, 10, at);
    expect(seconds).toBeCloseTo(80, 1);
  });

  it('moves to a new estimate step by step, never in a jump', () => {
    const left = makeTimeLeft();
    left.update(1000, 10, 0);
    let before = left.update(1000, 10, 2000) as number;
    for (let at = 2100; at <= 30_000; at += 100) {
      const now = left.update(1000, 5, at) as number;
      expect(Math.abs(now - before)).toBeLessThan(3);
      before = now;
    }
    // Only the drift makes up for the countdown, so a standing estimate is undercut a little.
    expect(before).toBeGreaterThan(190);
  });

  it('keeps what it said while nothing moves', () => {
    const left = makeTimeLeft();
    left.update(1000, 10, 0);
    left.update(1000, 10, 2000);
    expect(left.update(1000, 0, 3000)).toBe(100);
  });

  it('is over when nothing is left', () => {
    expect(makeTimeLeft().update(0, 0, 0)).toBe(0);
  });
});

describe('roundTimeLeft', () => {
  it.each([
    [0.2, 1],
    [7.1, 8],
    [11, 15],
    [61, 90],
    [615, 660],
    [9000, 9000],
    [9001, 9600],
  ])('%d s becomes %d s', (seconds, rounded) => expect(roundTimeLeft(seconds)).toBe(rounded));
});
