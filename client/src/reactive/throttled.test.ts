import { createRoot, createSignal } from 'solid-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createThrottled } from './throttled.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A throttled number; changes below 10 are small. */
function throttled(isSmall?: (before: number, after: number) => boolean) {
  return createRoot((dispose) => {
    const [source, set] = createSignal(0);
    return { set, value: createThrottled(source, 1000, isSmall), dispose };
  });
}

describe('createThrottled', () => {
  it('takes the first change at once, and later ones once in a while', () => {
    const { set, value, dispose } = throttled();
    set(1);
    vi.advanceTimersByTime(0);
    expect(value()).toBe(1);
    set(2);
    set(3);
    vi.advanceTimersByTime(999);
    expect(value()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(value()).toBe(3);
    dispose();
  });

  it('takes small changes at once, unless a large one waits', () => {
    const { set, value, dispose } = throttled((before, after) => Math.abs(after - before) < 10);
    set(50);
    vi.advanceTimersByTime(0);
    set(51);
    expect(value()).toBe(51);
    set(90);
    set(52);
    expect(value()).toBe(51);
    vi.advanceTimersByTime(1000);
    expect(value()).toBe(52);
    dispose();
  });

  it('changes no more once its owner is gone', () => {
    const { set, value, dispose } = throttled();
    set(1);
    dispose();
    vi.advanceTimersByTime(1000);
    expect(value()).toBe(0);
  });
});
