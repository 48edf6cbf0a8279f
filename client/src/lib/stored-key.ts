const name = 'tallystream.key';

/** Reads the key that was kept; undefined if there is none. */
export function storedKey(): string | undefined {
  try {
    return sessionStorage.getItem(name) ?? localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a key until the tab is closed, or for good. A browser that keeps nothing asks again after a reload. */
export function storeKey(key: string, forGood: boolean): void {
  forgetKey();
  try {
    (forGood ? localStorage : sessionStorage).setItem(name, key);
  } catch {
    // Private windows may refuse storage.
  }
}

/** Forgets what was kept. */
export function forgetKey(): void {
  try {
    sessionStorage.removeItem(name);
    localStorage.removeItem(name);
  } catch {
    // What cannot be kept need not be removed.
  }
}
