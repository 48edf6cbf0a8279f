import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { sourceChanged } from '../../../kernel/parts/part.ts';
import type { ObjectPlace } from './s3-url.ts';
import { byStatus } from './storage-error.ts';

/** An object as it was when it was looked at. */
export interface ObjectVersion extends ObjectPlace {
  etag: string;
  /** In bytes. */
  size: number;
}

export interface RangeRequest {
  /** A signed address of the object. */
  url: string;
  object: ObjectPlace;
  /** The version that is wanted; undefined for whichever there is. */
  etag: string | undefined;
  /** The first byte, and the one behind the last. */
  from: number;
  to: number;
  signal: AbortSignal;
}

export interface RangeAnswer {
  /** Fewer than wanted only at the end of the object. */
  bytes: Buffer;
  /** Of the object. */
  size: number;
  etag: string;
  /** In milliseconds since 1970. */
  writtenMs: number;
}

const TRIES = 6;
/** Before the second try; then twice as long each time. */
const FIRST_PAUSE_MS = 100;
/** A connection that brings nothing for so long is given up. */
const SILENCE_MS = 30_000;
const agents = { keepAlive: true, maxSockets: 64 };
const http = new HttpAgent(agents);
const https = new HttpsAgent(agents);

/** An answer after which the same request may succeed. */
class Passing extends Error {
  readonly status: number | undefined;

  constructor(status: number | undefined, cause?: unknown) {
    super('the object storage has failed', { cause });
    this.status = status;
  }
}

/**
 * Reads bytes of an object. What may pass is tried again: broken connections, silence, server errors, answers that are cut.
 *
 * @throws KernelError `SOURCE_CHANGED` if there is another version; {@link TallyError} SOURCE_NOT_FOUND,
 * SOURCE_UNAVAILABLE; the reason of the signal
 */
export async function getRange(request: RangeRequest): Promise<RangeAnswer> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryOnce(request);
    } catch (error) {
      request.signal.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      if (tries === TRIES) throw byStatus(error.status, request.object, error);
      await wait(FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random()), undefined, { signal: request.signal });
    }
  }
}

async function tryOnce({ url, object, etag, from, to, signal }: RangeRequest): Promise<RangeAnswer> {
  const headers = { Range: `bytes=${from}-${to - 1}`, ...(etag !== undefined && { 'If-Match': etag }) };
  const response = await open(url, headers, signal);
  const status = response.statusCode ?? 0;
  if (status !== 206 && status !== 200) {
    response.resume();
    // An empty object has no range.
    const size = sizeOf(response.headers['content-range']);
    if (status === 416 && (size === 0 || from === 0))
      return { ...versionOf(response), bytes: Buffer.alloc(0), size: 0 };
    if (status === 412 || status === 416 || (status === 404 && etag !== undefined)) throw sourceChanged(object.key);
    if (status === 429 || status >= 500) throw new Passing(status);
    throw byStatus(status, object);
  }
  const size = status === 206 ? sizeOf(response.headers['content-range']) : Number(response.headers['content-length']);
  // A storage without ranges would send all of it for each of them.
  const isWhole = status === 200 && from === 0 && (size ?? to + 1) <= to;
  if (size === undefined || !(status === 206 || isWhole)) {
    response.destroy();
    throw byStatus(status, object);
  }
  return { ...versionOf(response), bytes: await collect(response, Math.min(to, size) - from), size };
}

function open(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  const isSecure = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    const options = { headers, signal, agent: isSecure ? https : http, timeout: SILENCE_MS };
    const request = (isSecure ? httpsGet : httpGet)(url, options, resolve);
    request.on('timeout', () => request.destroy(new Error('the object storage is silent')));
    request.on('error', (cause) => reject(new Passing(undefined, cause)));
  });
}

/** Collects the bytes of an answer. Those beyond what was asked for are an error of the storage. */
async function collect(response: IncomingMessage, expected: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, expected));
  let done = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (done + chunk.length > expected) throw new Error('more bytes came than were asked for');
      done += chunk.copy(bytes, done);
    }
  } catch (cause) {
    throw new Passing(undefined, cause);
  }
  if (done < expected) throw new Passing(undefined);
  return bytes;
}

function versionOf({ headers }: IncomingMessage): Pick<RangeAnswer, 'etag' | 'writtenMs'> {
  const written = Date.parse(headers['last-modified'] ?? '');
  return { etag: headers.etag ?? '', writtenMs: Number.isNaN(written) ? 0 : written };
}

function sizeOf(contentRange: string | undefined): number | undefined {
  const size = /\/(\d+)$/.exec(contentRange ?? '')?.[1];
  return size === undefined ? undefined : Number(size);
}
