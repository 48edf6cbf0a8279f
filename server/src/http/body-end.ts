import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/**
 * Whether the whole body of a request has come, asked after its end and before its answer. In HTTP/2 a stream that is
 * reset ends like one that is finished, with whatever code it is reset; but it is closed by then, while one whose sender
 * has finished is still open for the answer.
 */
export function isBodyWhole(request: IncomingMessage | Http2ServerRequest): boolean {
  if (!('stream' in request)) return request.complete;
  const { stream } = request;
  return !stream.closed && !stream.destroyed && !stream.aborted;
}

/**
 * Whether the sender of a request has gone away before its body was read to its end. In HTTP/1.1 the last bytes may have
 * come before that and not be taken up yet.
 */
export function isCutOff(request: IncomingMessage | Http2ServerRequest): boolean {
  if ('stream' in request) return !isBodyWhole(request);
  return request.destroyed && !request.readableEnded;
}
