/** A server that is told to stop. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { Code, ConnectError } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient, jobNamed, watchJob } from './support/clients.ts';
import { metric } from './support/metrics.ts';
import { generateSales, SALES } from './support/sales.ts';
import type { ServerProcess } from './support/server-process.ts';
import { serverStarter } from './support/servers.ts';
import { plainDecimal, readTotals } from './support/totals.ts';
import { TusFile } from './support/tus-file.ts';

const sales = generateSales(200_000, 31);
// No checkpoint comes by itself.
const start = serverStarter({ CHECKPOINT_MS: '3600000' });

/** An upload of which one half has come and is analysed. */
async function halfUpload(server: ServerProcess, target: { url(): Promise<string> }): Promise<TusFile> {
  const size = BigInt(sales.csv.length);
  const { job } = await gatewayClient(server.url).createJob({ filename: 'half.csv', sizeBytes: size });
  const file = new TusFile(job?.id ?? '', sales.csv, target);
  const half = Math.floor(sales.csv.length / 2);
  await file.send(half);
  await watchJob(server.url, file.id, ({ processedBytes }) => processedBytes === BigInt(half));
  return file;
}

for (const reached of ['gateway', 'gateway and processor'] as const) {
  test(`a stop that reaches ${reached} leaves jobs in a checkpoint of all that they had`, async () => {
    const first = await start();
    let current = first;
    const file = await halfUpload(first, { url: async () => current.url });
    if (reached === 'gateway and processor') process.kill(first.processorPid(), 'SIGTERM');
    expect(await first.stop()).toBe(0);
    current = await start({ DATA_DIR: first.dataDir });
    while (!file.isWhole) await file.send(sales.csv.length);
    expect((await endedJob(current.url, file.id)).state).toBe(JobState.SUCCEEDED);
    const half = Math.floor(sales.csv.length / 2);
    expect(await metric(current.url, 'tallystream_resumed_bytes_total')).toBe(half);
    expect(await metric(current.url, 'tallystream_processed_bytes_total')).toBe(sales.csv.length - half);
    const right = sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)] as const);
    expect(readTotals(await (await fetch(`${current.url}/jobs/${file.id}/totals.csv`)).text())).toEqual(new Map(right));
  });
}

test('a server stops with exit code 0, which comes before the deadline, whoever hangs on; watchers are told', async () => {
  const server = await start();
  const { port } = new URL(server.url);
  // Somebody who says nothing, one in the middle of a header, one in the middle of an upload, one who only waits.
  const silent = connect(Number(port), '127.0.0.1');
  const slow = connect(Number(port), '127.0.0.1');
  slow.write('GET /healthz HTTP/1.1\r\nHost: ');
  const sending = request(`${server.url}/upload?filename=cut.csv`, { method: 'POST' });
  sending.on('error', () => {});
  sending.write(SALES);
  const cutId = await jobNamed(server.url, 'cut.csv', ({ receivedBytes }) => receivedBytes > 0n);
  const news = gatewayClient(server.url).watchJobs({})[Symbol.asyncIterator]();
  // A connection that is still being made when the server stops is refused.
  await news.next();
  const told = Array.fromAsync({ [Symbol.asyncIterator]: () => news }).then(
    () => undefined,
    (error) => ConnectError.from(error).code,
  );
  const closed = Promise.all(
    [silent, slow].map((socket) =>
      once(
        socket.on('error', () => {}),
        'close',
      ),
    ),
  );
  expect(await server.stop()).toBe(0);
  expect(await told).toBe(Code.Unavailable);
  await closed;
  const second = await start({ DATA_DIR: server.dataDir });
  expect(await endedJob(second.url, cutId)).toMatchObject({
    state: JobState.FAILED,
    error: { code: 'UPLOAD_INTERRUPTED' },
  });
});

test('a job of a processor that is told to stop goes on at another one, from all that the first had of it', async () => {
  const [first, second] = [await start({ ROLE: 'processor' }), await start({ ROLE: 'processor' })];
  const gateway = await start({ ROLE: 'gateway', PROCESSOR_URL: `${first.url},${second.url}` });
  const file = await halfUpload(gateway, { url: async () => gateway.url });
  const calls = await Promise.all([first, second].map(({ url }) => metric(url, 'tallystream_calls')));
  expect(calls.sort()).toEqual([0, 1]);
  const busy = (await metric(first.url, 'tallystream_calls')) === 1 ? first : second;
  expect(await busy.stop()).toBe(0);
  while (!file.isWhole) await file.send(sales.csv.length);
  expect((await endedJob(gateway.url, file.id)).state).toBe(JobState.SUCCEEDED);
  expect(await metric(gateway.url, 'tallystream_processed_bytes_total')).toBe(sales.csv.length);
});
