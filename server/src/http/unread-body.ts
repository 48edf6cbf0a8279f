import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest } from 'node:http2';
import type { Socket } from 'node:net';

/** The time for a client to notice the answer: the round trip of a bad line, and the data in its own buffers. */
const LINGER_MS = 5_000;
/** The most bytes dropped meanwhile: half a second of a fast network, and more than sockets hold on the way. */
const LINGER_BYTES = 64 * 1024 * 1024;

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
    // The response of the compatibility API finishes only when the stream is closed. A reset overtakes what waits to be
    // sent, so the client would lose the answer.
    stream.once('finish', () => drop(request, () => stream.close(constants.NGHTTP2_NO_ERROR)));
    return;
  }
  if (!hasBody(request)) return;
  response.setHeader('connection', 'close');
  const { socket } = request;
  const closeSocket = socket.destroySoon.bind(socket);
  // It is what Node does with the connection behind the last answer.
  socket.destroySoon = () => linger(request, socket, closeSocket);
}

/** Whether a request of HTTP/1.1 has a body: RFC 9112 §6. It is not complete before its handler has returned. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Closes a connection in the way of RFC 9112 §9.6: says that nothing more comes, and drops what still does until the
 * client has ended too. Closing with bytes unread sends a reset, at which the client may throw away an answer that it
 * has not read yet.
 */
function linger(request: IncomingMessage, socket: Socket, closeSocket: () => void): void {
  drop(request, () => socket.destroy());
  request.once('end', closeSocket);
  socket.end();
}

/** Drops what still comes of a body, and cuts it off when that is too long or too much. */
function drop(request: IncomingMessage, cut: () => void): void {
  const timer = setTimeout(cut, LINGER_MS).unref();
  request.once('close', () => clearTimeout(timer));
  let dropped = 0;
  request.unpipe();
  request.on('data', (bytes) => {
    dropped += bytes.length;
    if (dropped > LINGER_BYTES) cut();
  });
  request.on('error', () => {});
  request.resume();
}
