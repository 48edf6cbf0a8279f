import type { ServerResponse } from 'node:http';

/** The page loads nothing from elsewhere and is framed by nobody. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The headers that helmet sets, as narrow as this page allows. */
const ALWAYS = [
  ['content-security-policy', CONTENT_SECURITY_POLICY],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['origin-agent-cluster', '?1'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-dns-prefetch-control', 'off'],
  ['x-download-options', 'noopen'],
  ['x-frame-options', 'DENY'],
  ['x-permitted-cross-domain-policies', 'none'],
  // The filter that it switches off opened holes of its own.
  ['x-xss-protection', '0'],
] as const;

/** A year; without subdomains, which are others' to speak for. Without TLS browsers ignore it, as RFC 6797 §8.1 says. */
const OVER_TLS = [...ALWAYS, ['strict-transport-security', 'max-age=31536000']] as const;

/** Returns a function that sets the security headers of a response. */
export function securityHeaders(isTls: boolean): (response: ServerResponse) => void {
  const headers = isTls ? OVER_TLS : ALWAYS;
  return (response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
  };
}
