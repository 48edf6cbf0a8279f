/** Pages of other sites are kept out, under their own names and under names that they let point here. */
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
import { ask, HTTP_VERSIONS, type HttpVersion, type Question } from './support/ask.ts';
import { gatewayClient } from './support/clients.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

const FRIEND = 'https://sales.example';
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({ CORS_ORIGINS: FRIEND });
});
afterAll(() => server[Symbol.asyncDispose]());

/** The ways to get at something. */
const WAYS: Record<string, [path: string, Question]> = {
  'the page': ['/', {}],
  status: ['/healthz', {}],
  'an upload': ['/upload', { method: 'POST', headers: { 'content-type': 'text/csv' }, body: SALES }],
  'an upload by tus': [
    '/uploads',
    { method: 'POST', headers: { 'tus-resumable': '1.0.0', 'upload-length': String(SALES.length) } },
  ],
  'an RPC': [
    '/tallystream.v1.GatewayService/ListJobs',
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
  ],
};

async function askFor(version: HttpVersion, way: string, headers: Record<string, string> = {}) {
  const [path, question] = WAYS[way] ?? ['/', {}];
  return await ask(version, `${server.url}${path}`, { ...question, headers: { ...question.headers, ...headers } });
}

test.each(HTTP_VERSIONS)(
  '%s: a name that is rebound to this machine gets nothing and is told what to do',
  async (version) => {
    for (const way of Object.keys(WAYS)) {
      const { status, body } = await askFor(version, way, { host: 'evil.example:8080' });
      expect({ way, status }).toEqual({ way, status: 403 });
      expect(JSON.parse(body)).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
      expect(body).toMatch(/evil\.example.*CORS_ORIGINS/);
    }
    expect((await gatewayClient(server.url).listJobs({})).jobs).toEqual([]);
  },
);

test.each(HTTP_VERSIONS)('%s: a page of another origin gets nothing, whatever it asks for', async (version) => {
  const foreign = ['http://evil.example', 'null', 'http://localhost:1'].map((origin) => ({ origin }));
  for (const way of Object.keys(WAYS)) {
    for (const headers of foreign) {
      const { status, body } = await askFor(version, way, headers);
      expect({ way, headers, status }).toEqual({ way, headers, status: 403 });
      expect(JSON.parse(body)).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED' });
    }
  }
  expect((await askFor(version, 'an upload', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  // A link on another site leads here.
  expect((await askFor(version, 'the page', { 'sec-fetch-site': 'cross-site' })).status).toBe(200);
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

test.each(HTTP_VERSIONS)('%s: own pages, allowed origins and what is no browser go through', async (version) => {
  const { host, port } = new URL(server.url);
  const welcome: Record<string, string>[] = [
    {},
    { host: 'localhost' },
    { host: `[::1]:${port}` },
    { host: 'sales.example' },
    { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
    { host: `localhost:${port}`, origin: `http://localhost:${port}` },
    { origin: FRIEND, 'sec-fetch-site': 'cross-site' },
  ];
  const expected: Record<string, number> = { 'an upload': 202, 'an upload by tus': 201 };
  for (const way of Object.keys(WAYS)) {
    for (const headers of welcome) {
      const { status } = await askFor(version, way, headers);
      expect({ way, headers, status }).toEqual({ way, headers, status: expected[way] ?? 200 });
    }
  }
});

test('with keys, which no page of another site has, any name will do', async () => {
  await using closed = await ServerProcess.start({ API_KEYS: 'a-long-key' });
  const list = async (headers: Record<string, string>) =>
    (await ask('HTTP/1.1', `${closed.url}/metrics`, { headers })).status;
  expect(await list({ host: 'sums.example', 'x-api-key': 'a-long-key' })).toBe(200);
  expect(await list({ host: 'sums.example' })).toBe(401);
});
