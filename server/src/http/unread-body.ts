import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest } from 'node:http2';
import { setTimeout as wait } from 'node:timers/promises';

/** What a client that still sends gets to read the answer before its connection is cut. */
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
    // Without a body there is nothing to end.
    if (stream.endAfterHeaders) return;
    // The response of the compatibility API finishes only when the stream is closed.
    stream.once('finish', async () => {
      // A reset overtakes what waits to be sent: the client would lose the answer.
      await lingerOver(request);
      stream.close(constants.NGHTTP2_NO_ERROR);
    });
    return;
  }
  response.setHeader('connection', 'close');
  const { socket } = request;
  // Node would close both ways at once. Who still sends is reset by that, and may lose the answer: RFC 9112 §9.6.
  socket.destroySoon = () => void socket.end();
  response.once('finish', async () => {
    await lingerOver(request);
    socket.destroy();
  });
}

/** Drops what still comes of a body, for a while. */
async function lingerOver(request: IncomingMessage): Promise<void> {
  request.unpipe();
  request.resume();
  await wait(LINGER_MS, undefined, { ref: false });
}
