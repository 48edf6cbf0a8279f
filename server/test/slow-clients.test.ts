/** Uploads that stand still and TLS clients that take their time, at a server that gives them little. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { createLog } from '../src/log.ts';
import type { App } from '../src/roles/app.ts';
import { buildApp } from '../src/roles/build-app.ts';
import { readConfig } from '../src/roles/config.ts';
import { createCertificate } from './support/certificate.ts';
import { endedJob, gatewayClient, jobNamed, watchJob } from './support/clients.ts';
import { closed } from './support/closed.ts';
import { SALES } from './support/sales.ts';

const TIMEOUTS = { openingMs: 500, headerCheckMs: 50, stallMs: 500, idleSessionMs: 500, unknownSessionMs: 500 };
let folder: string;
let plain: { app: App; url: string; port: number };
let secure: { app: App; url: string; port: number };

async function start(name: string, environment: Record<string, string>) {
  const settings = { DATA_DIR: join(folder, name), MIN_FREE_DISK_BYTES: '1MB', WORKERS: '1', ...environment };
  const app = await buildApp(readConfig(settings), createLog('silent', name), TIMEOUTS);
  app.listener.server.listen(0, '127.0.0.1');
  await once(app.listener.server, 'listening');
  const { port } = app.listener.server.address() as AddressInfo;
  return { app, port, url: `http://127.0.0.1:${port}` };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-slow-'));
  const { cert, key } = await createCertificate(folder);
  plain = await start('plain', {});
  secure = await start('secure', { TLS_CERT: cert, TLS_KEY: key });
});
afterAll(async () => {
  await Promise.all([plain.app.close(), secure.app.close()]);
  await rm(folder, { recursive: true });
});

const isBegun = ({ receivedBytes }: Job) => receivedBytes > 0n;

/** Begins a request and its body, and leaves it at that. */
const BEGINNERS: Record<string, (method: string, path: string, headers: Record<string, string>) => Promise<unknown>> = {
  'HTTP/1.1': async (method, path, headers) => {
    const sending = request(`${plain.url}${path}`, { method, headers });
    sending.write(SALES.slice(0, 40));
    await expect(once(sending, 'response')).rejects.toMatchObject({ code: 'ECONNRESET' });
  },
  'HTTP/2': async (method, path, headers) => {
    const session = connectHttp2(plain.url);
    session.on('error', () => {});
    const stream = session.request({ ':method': method, ':path': path, ...headers });
    stream.on('error', () => {}).resume();
    stream.write(SALES.slice(0, 40));
    await closed(stream);
    session.destroy();
  },
};
const VERSIONS = Object.keys(BEGINNERS);
const FORM_HEAD = '--X\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n';

test.each(VERSIONS)('%s: an upload in one request that stands still is cut off and its job fails', async (version) => {
  const filename = `${version.replace('/', '')}.csv`;
  await BEGINNERS[version]?.('PUT', `/upload?filename=${filename}`, {});
  const id = await jobNamed(plain.url, filename, isBegun);
  expect(await endedJob(plain.url, id)).toMatchObject({
    state: JobState.FAILED,
    error: { code: 'UPLOAD_INTERRUPTED' },
  });
});

test('a form that stands still is cut off and its job fails', async () => {
  const headers = { 'content-type': 'multipart/form-data; boundary=X' };
  const sending = request(`${plain.url}/upload?filename=form.csv`, { method: 'POST', headers });
  // The parser of forms keeps back what may be the end of the file.
  sending.write(FORM_HEAD + SALES.repeat(1000));
  await expect(once(sending, 'response')).rejects.toMatchObject({ code: 'ECONNRESET' });
  const id = await jobNamed(plain.url, 'form.csv', isBegun);
  expect((await endedJob(plain.url, id)).error?.code).toBe('UPLOAD_INTERRUPTED');
});

test.each(VERSIONS)('%s: a part of tus that stands still is cut off, and the upload goes on later', async (version) => {
  const { job } = await gatewayClient(plain.url).createJob({ filename: 'tus.csv', sizeBytes: BigInt(SALES.length) });
  const path = job?.uploadUrl ?? '';
  const headers = {
    'tus-resumable': '1.0.0',
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
  };
  await BEGINNERS[version]?.('PATCH', path, headers);
  await watchJob(plain.url, job?.id ?? '', ({ receivedBytes }) => receivedBytes === 40n);
  const rest = await fetch(`${plain.url}${path}`, {
    method: 'PATCH',
    headers: { ...headers, 'upload-offset': '40' },
    body: SALES.slice(40),
  });
  expect(rest.status).toBe(204);
  expect(await endedJob(plain.url, job?.id ?? '')).toMatchObject({ state: JobState.SUCCEEDED, total: '23' });
});

test('over TLS: who does not shake hands, or sends no header, no preface or a slow header is cut off', async () => {
  const tcp = connect(secure.port, '127.0.0.1');
  const ends = [closed(tcp)];
  for (const [protocol, bytes] of [
    ['http/1.1', ''],
    ['http/1.1', 'GET / HTTP/1.1\r\nX-Slow: '],
    ['h2', ''],
    ['h2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ] as const) {
    const socket = connectTls({ port: secure.port, ALPNProtocols: [protocol], rejectUnauthorized: false });
    socket.on('error', () => {}).resume();
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe(protocol);
    socket.write(bytes);
    ends.push(closed(socket));
    if (bytes.endsWith(': ')) {
      const drip = setInterval(() => socket.write('a'), 20);
      socket.once('close', () => clearInterval(drip));
    }
  }
  await Promise.all(ends);
});
