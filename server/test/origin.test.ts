/** Pages of other sites are kept out, under their own names and under names that they let point here. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
import { gatewayClient } from './support/clients.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

const FRIEND = 'https://sales.example';
const VERSIONS = ['--http1.1', '--http2-prior-knowledge'];
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({ CORS_ORIGINS: FRIEND });
});
afterAll(() => server[Symbol.asyncDispose]());

/** The ways to get at something, each as what curl is told. */
const WAYS: Record<string, string[]> = {
  'the page': ['/'],
  status: ['/healthz'],
  'an upload': ['-X', 'POST', '-H', 'Content-Type: text/csv', '--data-binary', SALES, '/upload'],
  'an upload by tus': ['-X', 'POST', '-H', 'Tus-Resumable: 1.0.0', '-H', `Upload-Length: ${SALES.length}`, '/uploads'],
  'an RPC': [
    ...['-X', 'POST', '-H', 'Content-Type: application/json', '-d', '{}'],
    '/tallystream.v1.GatewayService/ListJobs',
  ],
};

async function ask(version: string, way: string, ...headers: string[]): Promise<{ status: number; body: string }> {
  const args = WAYS[way] ?? [];
  const options = headers.flatMap((header) => ['-H', header]);
  const url = `${server.url}${args.at(-1)}`;
  const write = ['-sS', '-w', '\n%{http_code}', version];
  const { stdout } = await promisify(execFile)('curl', [...write, ...args.slice(0, -1), ...options, url]);
  const end = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
}

test.each(VERSIONS)(
  '%s: a name that is rebound to this machine gets nothing and is told what to do',
  async (version) => {
    for (const way of Object.keys(WAYS)) {
      const { status, body } = await ask(version, way, 'Host: evil.example:8080');
      expect({ way, status }).toEqual({ way, status: 403 });
      expect(JSON.parse(body)).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
      expect(body).toMatch(/evil\.example.*CORS_ORIGINS/);
    }
    expect((await gatewayClient(server.url).listJobs({})).jobs).toEqual([]);
  },
);

test.each(VERSIONS)('%s: a page of another origin gets nothing, whatever it asks for', async (version) => {
  const foreign = [['Origin: http://evil.example'], ['Origin: null'], ['Origin: http://localhost:1']];
  for (const way of Object.keys(WAYS)) {
    for (const headers of foreign) {
      const { status, body } = await ask(version, way, ...headers);
      expect({ way, headers, status }).toEqual({ way, headers, status: 403 });
      expect(JSON.parse(body)).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED' });
    }
  }
  expect((await ask(version, 'an upload', 'Sec-Fetch-Site: cross-site')).status).toBe(403);
  // A link on another site leads here.
  expect((await ask(version, 'the page', 'Sec-Fetch-Site: cross-site')).status).toBe(200);
  expect((await gatewayClient(server.url).listJobs({})).jobs).toEqual([]);
});

test('a preflight is answered as allowed only for an origin that is', async () => {
  const preflight = (origin: string) =>
    fetch(`${server.url}/upload`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
  const allowed = await preflight(FRIEND);
  expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, FRIEND]);
  const refused = await preflight('https://evil.example');
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
});

test('a client of an RPC hears why it is refused', async () => {
  for (const httpVersion of ['1.1', '2'] as const) {
    const client = createClient(GatewayService, createConnectTransport({ baseUrl: server.url, httpVersion }));
    const refused = client.listJobs({}, { headers: { origin: 'http://evil.example' } });
    const error = ConnectError.from(await refused.catch((reason) => reason));
    expect(error.code).toBe(Code.PermissionDenied);
    expect(error.rawMessage).toContain('CORS_ORIGINS');
  }
});

test.each(VERSIONS)('%s: own pages, allowed origins and what is no browser go through', async (version) => {
  const { host, port } = new URL(server.url);
  const welcome = [
    [],
    ['Host: localhost'],
    [`Host: [::1]:${port}`],
    ['Host: sales.example'],
    [`Origin: http://${host}`, 'Sec-Fetch-Site: same-origin'],
    [`Host: localhost:${port}`, `Origin: http://localhost:${port}`],
    [`Origin: ${FRIEND}`, 'Sec-Fetch-Site: cross-site'],
  ];
  const expected: Record<string, number> = { 'an upload': 202, 'an upload by tus': 201 };
  for (const way of Object.keys(WAYS)) {
    for (const headers of welcome) {
      const { status } = await ask(version, way, ...headers);
      expect({ way, headers, status }).toEqual({ way, headers, status: expected[way] ?? 200 });
    }
  }
});

test('with keys, which no page of another site has, any name will do', async () => {
  await using closed = await ServerProcess.start({ API_KEYS: 'a-long-key' });
  const list = (headers: Record<string, string>) =>
    promisify(execFile)('curl', [
      ...['-sS', '-o', '/dev/null', '-w', '%{http_code}', `${closed.url}/metrics`],
      ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ]);
  expect((await list({ host: 'sums.example', 'x-api-key': 'a-long-key' })).stdout).toBe('200');
  expect((await list({ host: 'sums.example' })).stdout).toBe('401');
});
