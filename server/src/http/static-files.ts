import { existsSync } from 'node:fs';
import type { Http2ServerResponse } from 'node:http2';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { TallyError } from '../errors.ts';
import type { RequestHandler } from '../listener/one-port.ts';
import { sendError } from './plain-response.ts';
import { READING } from './routes.ts';

const CLIENT = fileURLToPath(new URL('../../../client/dist', import.meta.url));
/** Names of built assets hold a hash of what is in them. */
const ASSETS = '/assets/';

/** Serves the built page; 404 for a file that does not exist. */
export function createStaticHandler(): RequestHandler {
  const notFound: RequestHandler = (request, response) =>
    sendError(response as never, new TallyError('NOT_FOUND', `There is nothing at ${request.url}.`));
  if (!existsSync(join(CLIENT, 'index.html'))) return notFound;
  const serve = sirv(CLIENT, {
    etag: true,
    setHeaders(response, path) {
      response.setHeader('cache-control', path.startsWith(ASSETS) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (request, response) => {
    if (!READING.includes(request.method)) {
      response.setHeader('allow', READING.join(', '));
      const error = new TallyError('METHOD_NOT_ALLOWED', `${request.method} ${request.url} is not allowed here.`);
      sendError(response as never, error);
      return;
    }
    // A part is not worth having of files this small, and sirv throws at one that ends before it begins.
    delete request.headers.range;
    response.once('pipe', (file: Readable) => closeWith(response, file));
    serve(request as never, response as never, () => notFound(request, response));
  };
}

/** A pipe leaves its file open if the client goes away, and an error of it, such as too many open files, to nobody. */
function closeWith(response: Http2ServerResponse, file: Readable): void {
  response.once('close', () => file.destroy());
  file.once('error', (error) => response.destroy(error));
}
