import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What who shows no key is told. */
export const KEY_WANTED = 'This server wants a key: send it as "Authorization: Bearer KEY" or "X-API-Key: KEY".';

/** Says whether a request may be served, from its headers alone. */
export type Gate = (headers: IncomingHttpHeaders) => boolean;

/**
 * Lets in who shows one of the keys, as `Authorization: Bearer` or `X-API-Key`; everybody if there are none. The time it
 * takes tells nothing about the keys.
 */
export function createGate(apiKeys: readonly string[]): Gate {
  if (apiKeys.length === 0) return () => true;
  const known = apiKeys.map(digest);
  return (headers) => {
    const shown = digest(keyOf(headers));
    // Every key is compared, so that the place of the right one does not show either.
    return known.map((key) => timingSafeEqual(key, shown)).includes(true);
  };
}

function keyOf(headers: IncomingHttpHeaders): string {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer ?? String(headers['x-api-key'] ?? '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
