import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';
import { isLoopback } from './loopback.ts';

/** The part of the configuration that says from where a server may be called. */
export interface OriginSettings {
  host: string;
  /** Not empty if the server listens on a Unix socket, which no browser reaches. */
  socketPath: string;
  apiKeys: readonly string[];
  corsOrigins: readonly string[];
}

/** Gives the reason for which a request must not be served, from its method and headers alone. */
export type OriginCheck = (method: string, headers: IncomingHttpHeaders) => TallyError | undefined;

/** The methods that change nothing, so that a link or an image of another site may use them. */
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
/** The values of `Sec-Fetch-Site` in a request that a page of another origin made. */
const FOREIGN_SITES = ['cross-site', 'same-site'];

/**
 * Keeps pages of other sites out, which the browser of somebody who can reach this server would let in: by a request
 * that needs no preflight, or by a name of theirs that they let point here (DNS rebinding), under which the browser takes
 * this server for theirs. Clients other than browsers send no `Origin` and are let through.
 */
export function createOriginCheck(settings: OriginSettings): OriginCheck {
  const { corsOrigins } = settings;
  const ownNames = corsOrigins.map((origin) => new URL(origin).hostname);
  // A page under a rebound name has no key. And a server that may be reached from anywhere cannot know its names.
  const checksHost = settings.socketPath === '' && isLoopback(settings.host) && settings.apiKeys.length === 0;
  return (method, headers) => {
    const host = hostOf(headers);
    if (checksHost && host !== undefined && !isOwnName(host, ownNames)) return hostNotAllowed(host);
    const { origin } = headers;
    if (origin !== undefined) {
      const isAllowed = corsOrigins.includes(origin) || isSameHost(origin, host);
      return isAllowed ? undefined : originNotAllowed(`Pages of the origin ${quoted(origin)}`);
    }
    const isForeign = FOREIGN_SITES.includes(String(headers['sec-fetch-site']));
    return isForeign && !SAFE_METHODS.includes(method) ? originNotAllowed('Pages of other sites') : undefined;
  };
}

/** Name and port by which the client knows this server. */
export function hostOf(headers: IncomingHttpHeaders): string | undefined {
  const authority = headers[':authority'];
  return typeof authority === 'string' ? authority : headers.host;
}

/** Whether a host is a name that nobody else can let point here. */
function isOwnName(host: string, ownNames: readonly string[]): boolean {
  const name = parseHost('http:', host)?.hostname.replace(/\.$/, '');
  if (name === undefined) return false;
  if (isIP(name.replace(/^\[|\]$/g, ''))) return true;
  return name === 'localhost' || name.endsWith('.localhost') || ownNames.includes(name);
}

/** Whether a page of an origin has come from this server. Behind a proxy that speaks TLS only the scheme differs. */
function isSameHost(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  return page.origin === origin && page.host === parseHost(page.protocol, host)?.host;
}

/** `URL` knows default ports and spellings of addresses, and detects texts that are no host at all. */
function parseHost(protocol: string, host: string): URL | undefined {
  const text = `${protocol}//${host}`;
  return /[\s/\\?#@]/.test(host) || !URL.canParse(text) ? undefined : new URL(text);
}

function hostNotAllowed(host: string): TallyError {
  return new TallyError(
    'HOST_NOT_ALLOWED',
    `This server does not accept the host ${quoted(host)}: use its address or localhost, or set CORS_ORIGINS to the origin at which its page is reached, such as "https://tallystream.example".`,
  );
}

function originNotAllowed(who: string): TallyError {
  return new TallyError(
    'ORIGIN_NOT_ALLOWED',
    `${who} may not call this server: to allow them, add their origin to CORS_ORIGINS.`,
  );
}
