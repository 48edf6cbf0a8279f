import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest } from 'node:http2';

/** Calls in both directions may rest: a feeder waits for an upload, a client asks when it likes. */
const STREAMING_TYPES = /^application\/(grpc|connect\+)/;

/**
 * Cuts a request off whose client stands still: it sends no byte of a body that is waited for, or takes none of the
 * answer, for `stallMs`. In HTTP/1.1 that ends the connection, in HTTP/2 the stream. Time in which the server does not
 * want to read, as when an upload is slowed down, does not count.
 */
export function limitStalls(request: IncomingMessage, response: ServerResponse, stallMs: number): void {
  const isStreaming = STREAMING_TYPES.test(request.headers['content-type'] ?? '');
  // Node restarts the time with every byte in either direction.
  const restart = () => response.setTimeout(stallMs);
  request.on('resume', restart);
  response.on('timeout', () => {
    const isBodyMissing = !isStreaming && wantsBody(request);
    if (isBodyMissing || response.writableLength > 0) cutOff(request);
    else restart();
  });
  restart();
}

/** Whether somebody waits for more of the body. */
function wantsBody(request: IncomingMessage): boolean {
  if (request.complete) return false;
  // An iteration reads at 'readable', which is no flow.
  return request.readableFlowing === true || (request.listenerCount('readable') > 0 && request.readableLength === 0);
}

function cutOff(request: IncomingMessage | Http2ServerRequest): void {
  if ('stream' in request) request.stream.close(constants.NGHTTP2_CANCEL);
  else request.socket.destroy();
}
