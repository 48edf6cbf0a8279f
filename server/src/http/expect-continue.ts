import type { IncomingMessage, ServerResponse } from 'node:http';

/** A client that waits for this word before it sends the body (RFC 9110 §10.1.1) gets it: a refusal costs it nothing. */
export function askForBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
}
