import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { createOriginCheck } from './origin.ts';

const LOOPBACK = { host: '127.0.0.1', socketPath: '', apiKeys: [], corsOrigins: ['https://sales.example'] };
const OPEN = { ...LOOPBACK, host: '0.0.0.0' };

const codeOf = (settings: typeof LOOPBACK, headers: IncomingHttpHeaders, method = 'POST') =>
  createOriginCheck(settings)(method, headers)?.code;

test.each([
  ['127.0.0.1:8080', undefined],
  ['127.0.0.1', undefined],
  ['[::1]:8080', undefined],
  ['192.168.1.7:8080', undefined],
  ['localhost:8080', undefined],
  ['LocalHost.', undefined],
  ['app.localhost:8080', undefined],
  ['sales.example', undefined],
  ['sales.example:8443', undefined],
  ['evil.example', 'HOST_NOT_ALLOWED'],
  ['evil.example:8080', 'HOST_NOT_ALLOWED'],
  ['127.0.0.1.evil.example', 'HOST_NOT_ALLOWED'],
  ['localhost.evil.example', 'HOST_NOT_ALLOWED'],
  ['notlocalhost', 'HOST_NOT_ALLOWED'],
  ['www.sales.example', 'HOST_NOT_ALLOWED'],
  ['evil.example#@localhost', 'HOST_NOT_ALLOWED'],
  ['evil.example@localhost', 'HOST_NOT_ALLOWED'],
  ['', 'HOST_NOT_ALLOWED'],
  ['[::1', 'HOST_NOT_ALLOWED'],
])('on loopback without keys the host "%s" gives %s', (host, code) => {
  expect(codeOf(LOOPBACK, { host })).toBe(code);
  expect(codeOf(LOOPBACK, { ':authority': host }, 'GET')).toBe(code);
});

test.each([{ host: '0.0.0.0' }, { apiKeys: ['a-long-key'] }, { socketPath: '/run/tallystream.sock' }])(
  'any host will do with %j',
  (settings) => {
    expect(codeOf({ ...LOOPBACK, ...(settings as Partial<typeof LOOPBACK>) }, { host: 'any.example' })).toBeUndefined();
  },
);

test('who sends no host at all is no browser', () => {
  expect(codeOf(LOOPBACK, {}, 'GET')).toBeUndefined();
  expect(codeOf(LOOPBACK, { origin: 'http://localhost' }, 'GET')).toBe('ORIGIN_NOT_ALLOWED');
});

test.each([
  ['http://sums.example:8080', 'sums.example:8080', undefined],
  ['http://sums.example', 'sums.example:80', undefined],
  ['http://sums.example', 'SUMS.example', undefined],
  ['http://[::1]:8080', '[::1]:8080', undefined],
  // A proxy speaks TLS for this server and hands on the host.
  ['https://sums.example', 'sums.example', undefined],
  ['https://sums.example', 'sums.example:443', undefined],
  ['https://sales.example', 'sums.example:8080', undefined],
  ['http://sales.example', 'sums.example:8080', 'ORIGIN_NOT_ALLOWED'],
  ['https://sales.example.evil.example', 'sums.example:8080', 'ORIGIN_NOT_ALLOWED'],
  ['https://sums.example', 'sums.example:80', 'ORIGIN_NOT_ALLOWED'],
  ['http://sums.example', 'sums.example:8080', 'ORIGIN_NOT_ALLOWED'],
  ['http://sums.example:8081', 'sums.example:8080', 'ORIGIN_NOT_ALLOWED'],
  ['http://evil.example', 'sums.example:8080', 'ORIGIN_NOT_ALLOWED'],
  ['http://sums.example:8080, http://evil.example', 'sums.example:8080', 'ORIGIN_NOT_ALLOWED'],
  ['null', 'sums.example:8080', 'ORIGIN_NOT_ALLOWED'],
  ['', 'sums.example:8080', 'ORIGIN_NOT_ALLOWED'],
])('the origin "%s" at the host "%s" gives %s, whatever the method', (origin, host, code) => {
  for (const method of ['GET', 'OPTIONS', 'POST']) expect(codeOf(OPEN, { origin, host }, method)).toBe(code);
});

test.each([
  ['POST', 'cross-site', 'ORIGIN_NOT_ALLOWED'],
  ['DELETE', 'same-site', 'ORIGIN_NOT_ALLOWED'],
  ['GET', 'cross-site', undefined],
  ['HEAD', 'cross-site', undefined],
  ['POST', 'same-origin', undefined],
  ['POST', 'none', undefined],
])('%s without an origin and with Sec-Fetch-Site: %s gives %s', (method, site, code) => {
  expect(codeOf(OPEN, { host: 'sums.example', 'sec-fetch-site': site }, method)).toBe(code);
});

test('an allowed origin may call from another site', () => {
  const headers = { host: 'sums.example', origin: 'https://sales.example', 'sec-fetch-site': 'cross-site' };
  expect(codeOf(OPEN, headers)).toBeUndefined();
});
