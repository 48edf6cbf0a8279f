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
  try {
    sessionStorage.removeItem(name);
    (forGood ? localStorage : sessionStorage).setItem(name, key);
  } catch {
    // Private windows may refuse storage.
  }
}

/** Forgets a key that was kept; another one, which another tab may have been given since, stays. */
export function forgetKey(key: string): void {
  try {
    for (const storage of [sessionStorage, localStorage]) {
      if (storage.getItem(name) === key) storage.removeItem(name);
    }
  } catch {
    // A key that cannot be kept need not be removed.
  }
}
