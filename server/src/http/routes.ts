import type { IncomingMessage, ServerResponse } from 'node:http';
import { callerOf, type Gate, KEY_WANTED } from '../access/api-keys.ts';
import type { Caller } from '../access/caller.ts';
import { handleCors } from '../access/cors.ts';
import { createOriginCheck, type OriginSettings } from '../access/origin.ts';
import { securityHeaders } from '../access/security-headers.ts';
import { isFault, TallyError, toTallyError } from '../errors.ts';
import type { RequestHandler } from '../listener/one-port.ts';
import type { Log } from '../log.ts';
import type { CountError } from '../metrics/registry.ts';
import { sendError } from './plain-response.ts';

/** The methods that only read. */
export const READING: readonly string[] = ['GET', 'HEAD'];

/** One kind of plain HTTP request: served to everybody, or to callers that are let in. */
export type HttpRoute = OpenRoute | ClosedRoute;

interface Route {
  matches(path: string): boolean;
  /** The methods that it takes; all, if it looks at them itself. */
  methods?: readonly string[];
}

/** One that is served without a key even if there are keys. */
interface OpenRoute extends Route {
  isOpen: true;
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

interface ClosedRoute extends Route {
  isOpen?: false;
  /** The gate of the route, if it lets in more than callers with a key. */
  gate?: Gate;
  handle(request: IncomingMessage, response: ServerResponse, url: URL, caller: Caller): Promise<void>;
}

export interface HttpOptions extends OriginSettings {
  /** Undefined if the server speaks without TLS. */
  tls: unknown;
  gate: Gate;
  countError: CountError;
  log: Log;
}

/** Refuses requests from other sites, sends plain HTTP requests to their routes, and everything else to `rpc`. */
export function createHttpHandler(
  routes: readonly HttpRoute[],
  rpc: RequestHandler,
  options: HttpOptions,
): RequestHandler {
  const checkOrigin = createOriginCheck(options);
  const setHeaders = securityHeaders(options.tls !== undefined);
  return (http2Request, http2Response) => {
    const request = http2Request as unknown as IncomingMessage;
    const response = http2Response as unknown as ServerResponse;
    setHeaders(response);
    const url = parseUrl(request.url);
    const fail = (error: unknown) => {
      const known = toTallyError(error);
      options.countError(known.code);
      if (isFault(known)) options.log.error({ err: error, path: url?.pathname }, 'a request failed');
      sendError(response, error);
    };
    const refusal = checkOrigin(request.method ?? '', request.headers);
    if (refusal) {
      fail(refusal);
      return;
    }
    if (handleCors(options.corsOrigins, request, response)) return;
    const route = url && routes.find(({ matches }) => matches(url.pathname));
    if (url && route) {
      serve(route, request, response, url, options.gate).catch(fail);
      return;
    }
    try {
      rpc(http2Request, http2Response);
    } catch (error) {
      fail(error);
    }
  };
}

async function serve(
  route: HttpRoute,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  gate: Gate,
): Promise<void> {
  if (route.isOpen) {
    checkMethod(route, request, response);
    await route.handle(request, response, url);
    return;
  }
  const caller = callerOf(route.gate ?? gate, request);
  if (!caller) throw new TallyError('UNAUTHENTICATED', KEY_WANTED);
  checkMethod(route, request, response);
  await route.handle(request, response, url, caller);
}

function checkMethod({ methods }: Route, request: IncomingMessage, response: ServerResponse): void {
  if (!methods || methods.includes(request.method ?? '')) return;
  response.setHeader('allow', methods.join(', '));
  throw new TallyError('METHOD_NOT_ALLOWED', `${request.method} is not allowed here: use ${methods.join(' or ')}.`);
}

/** The path and query; the host is of no interest here. */
function parseUrl(target: string | undefined): URL | undefined {
  return URL.canParse(target ?? '', 'http://localhost') ? new URL(target ?? '', 'http://localhost') : undefined;
}
