import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { guardFile, isUnchanged } from './file-guard.ts';

/** A file that a browser refuses to read once it has changed. */
class DiskFile extends File {
  hasChanged = false;

  override slice(from?: number, to?: number): Blob {
    const slice = super.slice(from, to);
    if (this.hasChanged) slice.arrayBuffer = () => Promise.reject(new DOMException('changed', 'NotReadableError'));
    return slice;
  }
}

const makeFile = () => new DiskFile(['a,1\n'], 'sales.csv');

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('isUnchanged', () => {
  it('tells a changed file from one that can be read', async () => {
    const file = makeFile();
    expect(await isUnchanged(file)).toBe(true);
    file.hasChanged = true;
    expect(await isUnchanged(file)).toBe(false);
  });
});

describe('guardFile', () => {
  it('tells of a change once', async () => {
    const file = makeFile();
    const onChanged = vi.fn();
    guardFile(file, onChanged, 100);
    await vi.advanceTimersByTimeAsync(500);
    expect(onChanged).not.toHaveBeenCalled();
    file.hasChanged = true;
    await vi.advanceTimersByTimeAsync(500);
    expect(onChanged).toHaveBeenCalledOnce();
  });

  it('is silent about a look that was on its way when it was stopped', async () => {
    const file = makeFile();
    file.hasChanged = true;
    const onChanged = vi.fn();
    const stop = guardFile(file, onChanged, 100);
    vi.advanceTimersByTime(100);
    stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(onChanged).not.toHaveBeenCalled();
  });

  it('looks no more once stopped', async () => {
    const file = makeFile();
    const onChanged = vi.fn();
    const stop = guardFile(file, onChanged, 100);
    stop();
    file.hasChanged = true;
    await vi.advanceTimersByTimeAsync(500);
    expect(onChanged).not.toHaveBeenCalled();
  });
});
