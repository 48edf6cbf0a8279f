import { describe, expect, it } from 'vitest';
import { makeRate } from './rate.ts';

describe('makeRate', () => {
  it('says 0 before it knows two values', () => {
    const rate = makeRate();
    expect(rate.perSecond).toBe(0);
    rate.add(100, 0);
    expect(rate.perSecond).toBe(0);
  });

  it('is right from the second value on', () => {
    const rate = makeRate();
    rate.add(0, 0);
    rate.add(50, 100);
    expect(rate.perSecond).toBeCloseTo(500);
  });

  it('is steady when the growth is, however often values come', () => {
    const rate = makeRate();
    for (let at = 0; at <= 5000; at += at < 2000 ? 100 : 700) rate.add(at * 3, at);
    expect(rate.perSecond).toBeCloseTo(3000);
  });

  it('follows a change by half in one half-life', () => {
    const rate = makeRate(1000);
    for (let at = 0; at <= 20_000; at += 100) rate.add(at, at);
    for (let at = 100; at <= 1000; at += 100) rate.add(20_000, 20_000 + at);
    expect(rate.perSecond).toBeCloseTo(500, 0);
  });

  it('starts afresh when the value falls, as after a resumed upload', () => {
    const rate = makeRate();
    rate.add(0, 0);
    rate.add(1000, 100);
    rate.add(200, 200);
    expect(rate.perSecond).toBe(0);
    rate.add(300, 300);
    expect(rate.perSecond).toBeCloseTo(1000);
  });

  it('does not divide by almost nothing', () => {
    const rate = makeRate();
    rate.add(0, 0);
    rate.add(1000, 1);
    expect(rate.perSecond).toBe(0);
    rate.add(2000, 1000);
    expect(rate.perSecond).toBeCloseTo(2000);
  });
});
