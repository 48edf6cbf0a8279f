import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Caller } from './caller.ts';

/** The message of a 401. */
export const KEY_WANTED = 'This server needs an API key: send it as "Authorization: Bearer KEY" or "X-API-Key: KEY".';

/** Finds the caller from the headers of a request alone; undefined if the request is not let in. */
export type Gate = (headers: IncomingHttpHeaders) => Caller | undefined;

/** The caller of a request that a gate lets in, with its address. */
export function callerOf(gate: Gate, { headers, socket }: CallerFacts): Caller | undefined {
  const caller = gate(headers);
  return caller && { ...caller, address: socket.remoteAddress };
}

/** The parts of a request, of either version of HTTP, that identify its caller. */
type CallerFacts = Pick<IncomingMessage | Http2ServerRequest, 'headers' | 'socket'>;

/** Sets the names of owners apart from any other hash of a key. */
const OWNER_DOMAIN = 'tallystream owner\0';
/** 128 bits: two keys never have the same. */
const OWNER_DIGITS = 32;

/**
 * Returns a gate that lets in requests with one of the keys, as `Authorization: Bearer` or `X-API-Key`; all requests if
 * there are no keys. The time it takes tells nothing about the keys.
 */
export function createGate(apiKeys: readonly string[]): Gate {
  if (apiKeys.length === 0) return () => ({ owner: undefined });
  const known = apiKeys.map((key) => ({ digest: digest(key), caller: { owner: ownerOf(key) } }));
  return (headers) => {
    const shown = digest(keyOf(headers));
    // Every key is compared, so that the place of the right one does not show either.
    return known.filter((key) => timingSafeEqual(key.digest, shown))[0]?.caller;
  };
}

/** The name under which jobs of a key are kept: the same in every process, and no way back to the key. */
export function ownerOf(key: string): string {
  return createHash('sha256').update(OWNER_DOMAIN).update(key).digest('hex').slice(0, OWNER_DIGITS);
}

function keyOf(headers: IncomingHttpHeaders): string {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer ?? String(headers['x-api-key'] ?? '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
