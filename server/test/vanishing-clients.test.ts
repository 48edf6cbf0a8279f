/** Clients that go away in the middle, again and again: nothing of them is left. */
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { gatewayClient, jobNamed, watchJob } from './support/clients.ts';
import { metric } from './support/metrics.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { spoolHolds } from './support/spool-folder.ts';
import { deleteAllJobs, expectWell } from './support/wellness.ts';

const TIMES = 100;
/** Connections that are kept, and what the runtime opens for itself. */
const SOME_FDS = 20;
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({ KEEP_UPLOADS: '0' });
});
afterAll(() => server[Symbol.asyncDispose]());

const openFds = () => metric(server.url, 'process_open_fds');

/** Waits until as few files and sockets are open as before: the server notices a closed socket in its own time. */
async function fdsFallTo(limit: number): Promise<void> {
  while ((await openFds()) > limit) await new Promise((resolve) => setImmediate(resolve));
}

const hasBytes = ({ receivedBytes }: Job) => receivedBytes > 0n;

test('uploads in one request whose clients vanish fail, and leave no file and no socket', async () => {
  await expectWell(server);
  const before = await openFds();
  for (let count = 0; count < TIMES; count++) {
    const sent = request(`${server.url}/upload/gone-${count}.csv`, { method: 'POST', agent: false });
    sent.on('error', () => {});
    sent.write(SALES);
    // Some go before the server has seen anything of them.
    if (count % 2 === 0) await jobNamed(server.url, `gone-${count}.csv`, hasBytes);
    sent.destroy();
  }
  for (let count = 0; count < TIMES; count += 2) {
    await jobNamed(server.url, `gone-${count}.csv`, ({ error }) => error?.code === 'UPLOAD_INTERRUPTED');
  }
  await spoolHolds(server.dataDir, []);
  const uploading = await gatewayClient(server.url).listJobs({ states: [JobState.UPLOADING] });
  expect(uploading.jobs).toEqual([]);
  await fdsFallTo(before + SOME_FDS);
  await expectWell(server);
  await deleteAllJobs(server);
});

test('parts of tus whose clients vanish leave their uploads where they are, and no socket', async () => {
  await expectWell(server);
  const before = await openFds();
  const client = gatewayClient(server.url);
  const ids: string[] = [];
  for (let count = 0; count < TIMES; count++) {
    const { job } = await client.createJob({ filename: 'part.csv', sizeBytes: BigInt(SALES.length) });
    const id = job?.id ?? '';
    ids.push(id);
    const sent = request(`${server.url}/uploads/${id}`, {
      method: 'PATCH',
      agent: false,
      headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    });
    sent.on('error', () => {});
    sent.write(SALES.slice(0, 50));
    await watchJob(server.url, id, hasBytes);
    sent.destroy();
  }
  await spoolHolds(server.dataDir, ids);
  const uploading = await client.listJobs({ pageSize: 1000, states: [JobState.UPLOADING] });
  expect(uploading.jobs.map(({ id }) => id).sort()).toEqual([...ids].sort());
  const rest = await fetch(`${server.url}/uploads/${ids[0]}`, {
    method: 'PATCH',
    headers: { 'tus-resumable': '1.0.0', 'upload-offset': '50', 'content-type': 'application/offset+octet-stream' },
    body: SALES.slice(50),
  });
  expect(rest.status).toBe(204);
  await expectWell(server);
  await deleteAllJobs(server);
  await spoolHolds(server.dataDir, []);
  await fdsFallTo(before + SOME_FDS);
});

/** A way to the server that can be cut while it is in use. */
async function openWire() {
  const { hostname, port } = new URL(server.url);
  const wires: Socket[] = [];
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
    near.pipe(far).pipe(near);
    wires.push(near, far);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cut() {
      proxy.close();
      for (const socket of wires) socket.resetAndDestroy();
    },
  };
}

test('calls of ProcessCsv whose clients vanish free their place and their socket', async () => {
  const definition = loadSync('tallystream/v1/processor.proto', {
    includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))],
  });
  // biome-ignore lint/suspicious/noExplicitAny: the client is made from the proto at run time
  const packages = loadPackageDefinition(definition) as any;
  const before = await openFds();
  for (let count = 0; count < TIMES; count++) {
    const wire = await openWire();
    const client = new packages.tallystream.v1.ProcessorService(wire.address, credentials.createInsecure());
    const call = client.ProcessCsv();
    const ended = new Promise((resolve) => call.on('error', resolve));
    call.write({ chunk: Buffer.from(SALES) });
    await once(call, 'data');
    // Half of them cancel the call, half are cut off.
    if (count % 2 === 0) call.cancel();
    else wire.cut();
    await ended;
    client.close();
    wire.cut();
  }
  await fdsFallTo(before + SOME_FDS);
  // Two threads have 64 places: calls that had kept theirs would leave none.
  await expectWell(server);
});
