import type { ServerResponse } from 'node:http';
import { ERROR_CODE_HEADER, httpStatusOf, toTallyError } from '../errors.ts';
import { closeIfUnread } from './unread-body.ts';

/** Answers with JSON, readable and with a last line end, as people look at it in a terminal. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
  response.end(body);
}

/**
 * Answers with an error in the form that Connect has too, or cuts the connection if an answer has begun.
 *
 * @param details more members for the JSON
 */
export function sendError(response: ServerResponse, error: unknown, details: Record<string, unknown> = {}): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  closeIfUnread(response);
  const known = toTallyError(error);
  response.setHeader(ERROR_CODE_HEADER, known.code);
  sendJson(response, httpStatusOf(known), { code: known.code, message: known.message, ...details });
}
