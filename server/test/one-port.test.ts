/** Everything on one port: protocols, status, reflection, keys, TLS; and how the process starts and ends. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServerReflection as ReflectionV1 } from '#gen/grpc/reflection/v1/reflection_pb.ts';
import { ServerReflection as ReflectionV1alpha } from '#gen/grpc/reflection/v1alpha/reflection_pb.ts';
import { Health, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';
import { ask, HTTP_VERSIONS } from './support/ask.ts';
import { createCertificate } from './support/certificate.ts';
import { endedJob, gatewayClient, upload } from './support/clients.ts';
import { closed } from './support/closed.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

const run = promisify(execFile);
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server[Symbol.asyncDispose]());

test('HTTP/1.1 and HTTP/2 serve the page, status and metrics', async () => {
  for (const version of HTTP_VERSIONS) {
    const get = async (path: string) => (await ask(version, `${server.url}${path}`)).body;
    expect(await get('/')).toContain('<title>');
    expect(await get('/healthz')).toBe('ok\n');
    expect(await get('/readyz')).toBe('ready\n');
    expect(await get('/metrics')).toContain('process_cpu_user_seconds_total');
    expect(JSON.parse(await get('/no/such/path'))).toMatchObject({ code: 'NOT_FOUND' });
  }
});

test('a client that sends the preface of HTTP/2, or a request, byte by byte is understood', async () => {
  const { port } = new URL(server.url);
  const talk = async (text: Buffer) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    for (const byte of text) {
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return answer;
  };
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const http2 = await talk(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), settings]));
  // A frame of SETTINGS (type 4) on stream 0.
  expect([http2[3], http2.readUInt32BE(5)]).toEqual([4, 0]);
  const http1 = await talk(Buffer.from('PUT /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n'));
  // A method that begins like the preface, and is not possible here.
  expect(http1.toString()).toMatch(/^HTTP\/1\.1 405 /);
});

test('buf curl lists the methods by reflection and calls them with and without the schema', async () => {
  const buf = (...args: string[]) => run('buf', ['curl', ...args]);
  const { stdout: methods } = await buf('--http2-prior-knowledge', '--list-methods', server.url);
  expect(methods).toContain('tallystream.v1.GatewayService/WatchJobs');
  expect(methods).toContain('grpc.health.v1.Health/Check');
  const path = `${server.url}/tallystream.v1.GatewayService/ListJobs`;
  for (const args of [
    ['--http2-prior-knowledge'],
    ['--schema', 'proto'],
    ['--schema', 'proto', '--protocol', 'grpcweb'],
    ['--http2-prior-knowledge', '--protocol', 'grpc', '--reflect-protocol', 'grpc-v1'],
    ['--http2-prior-knowledge', '--protocol', 'grpc', '--reflect-protocol', 'grpc-v1alpha'],
  ]) {
    expect(JSON.parse((await buf(...args, path)).stdout)).toEqual({});
  }
});

test('reflection in both versions knows files, symbols and what is unknown', async () => {
  const transport = createGrpcTransport({ baseUrl: server.url });
  const asked = [
    { case: 'listServices', value: '' },
    { case: 'fileContainingSymbol', value: 'tallystream.v1.GatewayService.ListJobs' },
    { case: 'fileContainingSymbol', value: 'tallystream.v1.Job.filename' },
    { case: 'fileByFilename', value: 'tallystream/v1/gateway.proto' },
    { case: 'allExtensionNumbersOfType', value: 'tallystream.v1.Job' },
    { case: 'fileContainingSymbol', value: 'no.such.Symbol' },
    { case: 'fileByFilename', value: 'no/such.proto' },
  ] as const;
  const requests = async function* () {
    for (const messageRequest of asked) yield { messageRequest };
  };
  for (const service of [ReflectionV1, ReflectionV1alpha]) {
    const client = createClient(service as typeof ReflectionV1, transport);
    const answers = await Array.fromAsync(client.serverReflectionInfo(requests()), (answer) => answer.messageResponse);
    expect(answers.map((answer) => answer.case)).toEqual([
      'listServicesResponse',
      'fileDescriptorResponse',
      'fileDescriptorResponse',
      'fileDescriptorResponse',
      'allExtensionNumbersResponse',
      'errorResponse',
      'errorResponse',
    ]);
    const files = answers[3];
    // With its imports: timestamp and processor.
    if (files?.case === 'fileDescriptorResponse') expect(files.value.fileDescriptorProto).toHaveLength(3);
  }
});

test('health says that all services serve, and that another is unknown', async () => {
  const client = createClient(Health, createGrpcTransport({ baseUrl: server.url }));
  for (const service of ['', 'tallystream.v1.GatewayService', 'tallystream.v1.ProcessorService']) {
    expect((await client.check({ service })).status).toBe(Status.SERVING);
  }
  await expect(client.check({ service: 'nobody' })).rejects.toThrow('nobody');
  for await (const { status } of client.watch({ service: '' })) {
    expect(status).toBe(Status.SERVING);
    break;
  }
});

test('a processor alone and a gateway alone work together', async () => {
  await using processor = await ServerProcess.start({ ROLE: 'processor' });
  await using gateway = await ServerProcess.start({ ROLE: 'gateway', PROCESSOR_URL: processor.url });
  const { id } = await upload(gateway.url, SALES);
  expect((await endedJob(gateway.url, id)).total).toBe('23');
  await expect(gatewayClient(processor.url).listJobs({})).rejects.toThrow();
  await processor.stop();
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
});

test('with keys, everything but page and status wants one', async () => {
  await using guarded = await ServerProcess.start({ API_KEYS: 'first-key,second-key' });
  const paths = ['/metrics', '/jobs/x/totals.csv', '/upload', '/uploads/x'];
  for (const path of paths) expect((await fetch(`${guarded.url}${path}`)).status).toBe(401);
  for (const path of ['/', '/healthz', '/readyz']) expect((await fetch(`${guarded.url}${path}`)).status).toBe(200);
  const list = (headers: Record<string, string>) =>
    fetch(`${guarded.url}/tallystream.v1.GatewayService/ListJobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });
  expect((await list({})).status).toBe(401);
  expect((await list({ 'x-api-key': 'first-kez' })).status).toBe(401);
  expect((await list({ 'x-api-key': 'second-key' })).status).toBe(200);
  expect((await list({ authorization: 'Bearer first-key' })).status).toBe(200);
});

test('with a certificate it speaks TLS, HTTP/2 and HTTP/1.1 by ALPN', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallystream-tls-'));
  const { cert, key } = await createCertificate(folder);
  await using secure = await ServerProcess.start({ TLS_CERT: cert, TLS_KEY: key });
  expect(secure.url).toMatch(/^https:/);
  const ca = await readFile(cert);
  for (const version of HTTP_VERSIONS)
    expect((await ask(version, `${secure.url}/readyz`, { ca })).body).toBe('ready\n');
  for (const [offered, chosen] of [
    [['h2', 'http/1.1'], 'h2'],
    [['http/1.1'], 'http/1.1'],
  ] as const) {
    const { hostname: host, port } = new URL(secure.url);
    const socket = connectTls({ host, port: Number(port), ca, ALPNProtocols: [...offered] });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe(chosen);
    socket.destroy();
  }
  await rm(folder, { recursive: true });
});

test.each([
  [{ PORT: 'eighty' }, ['PORT', 'eighty', '65535']],
  [{ WORKERS: '0' }, ['WORKERS', '"0"', '1 to 256']],
  [{ MAX_UPLOAD_BYTES: '5 parsecs' }, ['MAX_UPLOAD_BYTES', '5 parsecs', '1TiB']],
  [{ ROLE: 'boss' }, ['ROLE', 'boss', 'gateway']],
  [{ ROLE: 'gateway' }, ['PROCESSOR_URL']],
  [{ HOST: '0.0.0.0' }, ['HOST', 'API_KEYS', 'INSECURE']],
])('a bad setting %j stops the start with its name, its value and what is allowed', async (environment, words) => {
  const error: unknown = await ServerProcess.start(environment as Record<string, string>).catch((reason) => reason);
  for (const word of words) expect(String(error)).toContain(word);
});

test('a second server on the same folder is refused in words', async () => {
  const error: unknown = await ServerProcess.start({ DATA_DIR: server.dataDir }).catch((reason) => reason);
  expect(String(error)).toContain('another Tallystream is running with this DATA_DIR');
});

test('SIGTERM ends it with 0, telling who watches, though clients hang on', async () => {
  const stopping = await ServerProcess.start();
  const news = gatewayClient(stopping.url).watchJobs({})[Symbol.asyncIterator]();
  // A connection that is still being made when the server stops is refused.
  await news.next();
  const watching = Array.fromAsync({ [Symbol.asyncIterator]: () => news }).catch((error) => error);
  const socket = connect(Number(new URL(stopping.url).port), '127.0.0.1');
  socket.on('error', () => {});
  const { job } = await gatewayClient(stopping.url).createJob({ filename: 'x.csv', sizeBytes: 10n });
  expect(job?.id).toBeTruthy();
  expect(await stopping.stop()).toBe(0);
  expect(String(await watching)).toMatch(/unavailable/);
  await rm(stopping.dataDir, { recursive: true });
});

test('an RPC at a host that is none, or without one, is refused, and the server lives on', async () => {
  await using open = await ServerProcess.start({ API_KEYS: 'a-long-key' });
  const { port } = new URL(open.url);
  for (const head of [
    'HTTP/1.0\r\n',
    'HTTP/1.1\r\nHost: [::1\r\n',
    'HTTP/1.1\r\nHost: a b\r\n',
    'HTTP/1.1\r\nHost:\r\n',
  ]) {
    const socket = connect(Number(port), '127.0.0.1');
    const answered = once(socket, 'data');
    const rest = 'Content-Type: application/json\r\nX-API-Key: a-long-key\r\nContent-Length: 2\r\n\r\n{}';
    socket.write(`POST /tallystream.v1.GatewayService/ListJobs ${head}${rest}`);
    expect(String(await answered)).toMatch(/^HTTP\/1\.1 400 [\s\S]*REQUEST_INVALID/);
    socket.destroy();
  }
  expect((await fetch(`${open.url}/healthz`)).status).toBe(200);
});

test('a client that goes away while RPCs wait for their turn on its connection harms nobody', async () => {
  const { port } = new URL(server.url);
  const headers = 'Host: localhost\r\nContent-Type: application/connect+json\r\nContent-Length: 2\r\n\r\n';
  const call = `POST /tallystream.v1.ProcessorService/ProcessCsv HTTP/1.1\r\n${headers}{}`;
  for (const leave of ['resetAndDestroy', 'end', 'destroy'] as const) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {}).resume();
    const left = closed(socket);
    socket.write(call + call, () => socket[leave]());
    await left;
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  }
});
