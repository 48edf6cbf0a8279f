import type { IncomingMessage, ServerResponse } from 'node:http';
import { cors as connectCors } from '@connectrpc/connect';
import { ERROR_CODE_HEADER } from '../errors.ts';

const TUS_REQUEST_HEADERS = [
  'Tus-Resumable',
  'Upload-Length',
  'Upload-Metadata',
  'Upload-Offset',
  'Upload-Defer-Length',
];
const TUS_RESPONSE_HEADERS = [
  'Location',
  'Tus-Resumable',
  'Tus-Version',
  'Upload-Offset',
  'Upload-Length',
  'Upload-Expires',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const MAX_AGE_S = 7200;

/**
 * Answers a browser that asks whether another origin may call, and marks answers as readable for it.
 *
 * @returns whether the request was such a question, which is answered by then
 */
export function handleCors(origins: readonly string[], request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  if (origins.length === 0 || origin === undefined) return false;
  response.setHeader('vary', 'Origin');
  if (!origins.includes(origin)) return false;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader(
    'access-control-expose-headers',
    [...connectCors.exposedHeaders, ...TUS_RESPONSE_HEADERS, ERROR_CODE_HEADER].join(', '),
  );
  response.setHeader('cross-origin-resource-policy', 'cross-origin');
  if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return false;
  const allowed = [
    ...connectCors.allowedHeaders,
    ...TUS_REQUEST_HEADERS,
    'Authorization',
    'X-API-Key',
    'Content-Encoding',
  ];
  response.writeHead(204, {
    'access-control-allow-methods': METHODS.join(', '),
    'access-control-allow-headers': allowed.join(', '),
    'access-control-max-age': String(MAX_AGE_S),
  });
  response.end();
  return true;
}
