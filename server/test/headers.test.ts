/** The headers for browsers of every answer, from any part of the server. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, HTTP_VERSIONS, type Question } from './support/ask.ts';
import { createCertificate } from './support/certificate.ts';
import { ServerProcess } from './support/server-process.ts';

const ALWAYS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

/** The page, status, an error, an RPC, uploads, tus, a refusal: each is answered by code of its own. */
const JSON_TYPE = { 'content-type': 'application/json' };
const REQUESTS: [path: string, Question][] = [
  ['/', {}],
  ['/healthz', {}],
  ['/no/such/path', {}],
  ['/tallystream.v1.GatewayService/ListJobs', { method: 'POST', headers: JSON_TYPE, body: '{}' }],
  ['/grpc.health.v1.Health/Check', { method: 'POST', headers: { 'content-type': 'application/grpc' } }],
  ['/upload', { method: 'POST', body: 'a,b\nc,1\n' }],
  ['/upload', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a,b' }],
  ['/uploads/nothing', { method: 'PATCH' }],
  ['/', { headers: { origin: 'http://evil.example' } }],
];

test.each(HTTP_VERSIONS)('%s: every answer has the security headers', async (version) => {
  await using server = await ServerProcess.start();
  for (const [path, question] of REQUESTS) {
    const { headers } = await ask(version, `${server.url}${path}`, question);
    expect(headers).toMatchObject(ALWAYS);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('x-powered-by');
  }
});

test('over TLS browsers are told to stay with it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallystream-tls-'));
  const { cert, key } = await createCertificate(folder);
  await using server = await ServerProcess.start({ TLS_CERT: cert, TLS_KEY: key });
  for (const version of HTTP_VERSIONS) {
    const { headers } = await ask(version, server.url, { ca: await readFile(cert) });
    expect(headers).toMatchObject({ ...ALWAYS, 'strict-transport-security': 'max-age=31536000' });
  }
  await rm(folder, { recursive: true });
});
