import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest } from 'node:http2';
import { setTimeout as wait } from 'node:timers/promises';

/** What a client gets to read the answer before its connection is cut. */
const LINGER_MS = 2_000;

/**
 * Says before an answer that what is left of the request is not read, as Node would to keep the connection: it may be of
 * any size. In HTTP/1.1 that takes the connection along. In HTTP/2 it ends the stream, which otherwise stays half open
 * with a client that waits for room in its window.
 */
export function closeIfUnread(response: ServerResponse): void {
  const { req: request } = response;
  if (request.complete) return;
  if (request.httpVersionMajor > 1) {
    const { stream } = request as unknown as Http2ServerRequest;
    if (stream.endAfterHeaders) return;
    // The response of the compatibility API finishes only when the stream is closed. What was answered while the request
    // was being taken in is sent only after that turn of the event loop: a reset before it would take its place.
    stream.once('finish', () => setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR)));
    return;
  }
  if (!hasBody(request)) return;
  response.setHeader('connection', 'close');
  response.once('finish', async () => {
    await wait(LINGER_MS, undefined, { ref: false });
    request.destroy();
  });
}

/** Whether a request of HTTP/1.1 has a body: RFC 9112 §6. It is not complete before its handler has returned. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
