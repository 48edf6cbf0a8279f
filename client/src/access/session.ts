import { bearer } from './credentials.ts';

/** The server's answer to a key; `unreachable` if it is of no use. */
export type KeyAnswer = 'accepted' | 'refused' | 'unreachable';

/** A key must fit into a header. */
const possibleKey = /^[\x21-\x7e\xa1-\xff]+$/;

/**
 * Shows a key to the server. If it is accepted, the browser gets a cookie with which it can download results for some
 * minutes: a download that a link starts can show no key, and an address should not hold one.
 */
export async function openSession(key: string): Promise<KeyAnswer> {
  if (!possibleKey.test(key)) return 'refused';
  try {
    const { ok, status } = await fetch('/session', { method: 'POST', headers: { Authorization: bearer(key) } });
    if (ok) return 'accepted';
    return status === 401 ? 'refused' : 'unreachable';
  } catch {
    return 'unreachable';
  }
}
