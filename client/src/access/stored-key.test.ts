import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetKey, storedKey, storeKey } from './stored-key.ts';

/** The storage of a browser: the tab's own, and that of all tabs. */
class MemoryStorage {
  readonly #items = new Map<string, string>();
  getItem = (name: string) => this.#items.get(name) ?? null;
  setItem = (name: string, value: string) => void this.#items.set(name, value);
  removeItem = (name: string) => void this.#items.delete(name);
}

beforeEach(() => {
  vi.stubGlobal('sessionStorage', new MemoryStorage());
  vi.stubGlobal('localStorage', new MemoryStorage());
});
afterEach(() => vi.unstubAllGlobals());

describe('storedKey', () => {
  it('is what was kept, for the tab or for good', () => {
    storeKey('one', false);
    expect(storedKey()).toBe('one');
    vi.stubGlobal('sessionStorage', new MemoryStorage());
    expect(storedKey()).toBeUndefined();
    storeKey('two', true);
    vi.stubGlobal('sessionStorage', new MemoryStorage());
    expect(storedKey()).toBe('two');
  });

  it('is not lost to a tab that forgets another key', () => {
    storeKey('of another tab', true);
    forgetKey('mine');
    expect(storedKey()).toBe('of another tab');
    forgetKey('of another tab');
    expect(storedKey()).toBeUndefined();
  });
});
