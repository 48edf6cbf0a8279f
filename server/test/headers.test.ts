/** What every answer says to browsers, whoever gives it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
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
const REQUESTS = [
  ['/'],
  ['/healthz'],
  ['/no/such/path'],
  ['-X', 'POST', '-H', 'Content-Type: application/json', '-d', '{}', '/tallystream.v1.GatewayService/ListJobs'],
  ['-X', 'POST', '-H', 'Content-Type: application/grpc', '-d', '', '/grpc.health.v1.Health/Check'],
  ['-X', 'POST', '-d', 'a,b\nc,1\n', '/upload'],
  ['-X', 'PATCH', '/uploads/nothing'],
  ['-H', 'Origin: http://evil.example', '/'],
];

/** The headers of an answer, by their names in lower case. */
async function headersOf(url: string, request: string[], options: string[]): Promise<Record<string, string>> {
  const target = `${url}${request.at(-1)}`;
  const args = ['-sS', '-D', '-', '-o', '/dev/null', ...options, ...request.slice(0, -1), target];
  const { stdout } = await promisify(execFile)('curl', args);
  const lines = stdout.split('\r\n').map((line) => /^([^:]+): (.*)$/.exec(line));
  return Object.fromEntries(lines.flatMap((line) => (line ? [[line[1]?.toLowerCase(), line[2]]] : [])));
}

test.each(['--http1.1', '--http2-prior-knowledge'])('%s: every answer has the security headers', async (version) => {
  await using server = await ServerProcess.start();
  for (const request of REQUESTS) {
    const headers = await headersOf(server.url, request, [version]);
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
  for (const version of ['--http1.1', '--http2']) {
    const headers = await headersOf(server.url, ['/'], [version, '--cacert', cert]);
    expect(headers).toMatchObject({ ...ALWAYS, 'strict-transport-security': 'max-age=31536000' });
  }
  await rm(folder, { recursive: true });
});
