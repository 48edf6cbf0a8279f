/** Uploads that rest while processors come and go: nothing is held against them, and nothing of what is done is lost. */
import { setTimeout as wait } from 'node:timers/promises';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient, watchJob } from './support/clients.ts';
import { KilledServer } from './support/killed-server.ts';
import { metric } from './support/metrics.ts';
import { generateSales } from './support/sales.ts';
import { plainDecimal, readTotals } from './support/totals.ts';
import { TusFile } from './support/tus-file.ts';

/** One more than what a job is given up for. */
const KILLS = 4;
const sales = generateSales(150_000, 31);

/** The text of an upload that is not whole. */
function textOf(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes;
}

test.each([
  ['plain', 'sales.csv', sales.csv],
  ['compressed', 'sales.csv.gz', gzipSync(sales.csv, { level: 1 })],
])(
  `a ${'%s'} upload that rests while its processor is killed ${KILLS} times keeps its progress and ends well`,
  async (_, filename, bytes) => {
    await using server = new KilledServer({ CHECKPOINT_MS: '20' });
    const url = await server.url();
    const client = gatewayClient(url);
    const { job } = await client.createJob({ filename, sizeBytes: BigInt(bytes.length) });
    const id = job?.id ?? '';
    const file = new TusFile(id, bytes, server);
    const half = Math.floor(bytes.length / 2);
    await file.send(half);
    const text = textOf(bytes.subarray(0, half));
    while ((await metric(url, 'tallystream_processed_bytes_total')) < text.length) await wait(10);
    while ((await metric(url, 'tallystream_unsaved_bytes')) > 0) await wait(10);
    const seen: unknown[] = [];
    for (let kills = 1; kills <= KILLS; kills++) {
      await server.killProcessor();
      while ((await metric(url, 'tallystream_resumes_total')) < kills) await wait(10);
      const { state, processedBytes, rowsProcessed, total } = (await client.getJob({ id })).job ?? {};
      expect(state).toBe(JobState.UPLOADING);
      expect(Number(rowsProcessed)).toBeGreaterThan(0);
      seen.push([processedBytes, rowsProcessed, total]);
    }
    // Nothing was being read, so nothing is read again.
    expect(seen).toEqual(Array(KILLS).fill(seen[0]));
    while (!file.isWhole) await file.send(bytes.length);
    expect(await endedJob(url, id)).toMatchObject({ state: JobState.SUCCEEDED });
    const right = sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)] as const);
    expect(readTotals(await (await fetch(`${url}/jobs/${id}/totals.csv`)).text())).toEqual(new Map(right));
  },
  120_000,
);

test('a gateway that starts again shows of an upload that rests what its checkpoint covers', async () => {
  await using server = new KilledServer({ CHECKPOINT_MS: '20' });
  const client = async () => gatewayClient(await server.url());
  const { job } = await (await client()).createJob({ filename: 'a.csv', sizeBytes: BigInt(sales.csv.length) });
  const id = job?.id ?? '';
  const half = Math.floor(sales.csv.length / 2);
  await new TusFile(id, sales.csv, server).send(half);
  await watchJob(await server.url(), id, ({ processedBytes }) => processedBytes === BigInt(half));
  await server.covered();
  const before = (await (await client()).getJob({ id })).job;
  await server.killGateway();
  const seen = await watchJob(await server.url(), id, ({ rowsProcessed }) => rowsProcessed === before?.rowsProcessed);
  expect(seen.at(-1)).toMatchObject({ processedBytes: BigInt(half), total: before?.total });
});
