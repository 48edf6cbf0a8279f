import { resultTexts } from '../texts-of-results.ts';

/** A value that rows are grouped by, as it is read: an empty one has words. */
export function keyLabel(key: string): string {
  return key === '' ? resultTexts.empty : key;
}

/** Several of them. */
export function keysLabel(keys: readonly string[]): string {
  return keys.map(keyLabel).join(' · ');
}
