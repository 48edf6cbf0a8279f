/** A file that no processor survives, among files that are innocent. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient, watchJob } from './support/clients.ts';
import { metric } from './support/metrics.ts';
import { generateSales } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { plainDecimal, readTotals } from './support/totals.ts';
import { TusFile } from './support/tus-file.ts';

const POISON = fileURLToPath(new URL('./support/poison.ts', import.meta.url));
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({ CHECKPOINT_MS: '50' }, ['--import', POISON]);
});
afterAll(() => server[Symbol.asyncDispose]());

async function begin(filename: string, bytes: Buffer): Promise<TusFile> {
  const { job } = await gatewayClient(server.url).createJob({ filename, sizeBytes: BigInt(bytes.length) });
  return new TusFile(job?.id ?? '', bytes, { url: async () => server.url });
}

test('a job that kills its processor three times fails with that said, and takes no other along', async () => {
  const sales = Array.from({ length: 4 }, (_, seed) => generateSales(100_000, 40 + seed));
  const innocent = await Promise.all(sales.map(({ csv }, index) => begin(`innocent-${index}.csv`, csv)));
  for (const file of innocent) {
    const half = Math.floor(file.bytes.length / 2);
    await file.send(half);
    await watchJob(server.url, file.id, ({ processedBytes }) => processedBytes === BigInt(half));
  }
  const poison = Buffer.from(`Department Name,Number of Sales\n${'a,1\n'.repeat(500_000)}POISON,1\n`);
  const guilty = await begin('guilty.csv', poison);
  await guilty.send(poison.length);
  const failed = await endedJob(server.url, guilty.id);
  expect(failed).toMatchObject({ state: JobState.FAILED, error: { code: 'PROCESSOR_CRASHED' } });
  expect(failed.error?.message).toContain('3 times');
  // They go on from where they were, not from the start.
  for (const file of innocent) while (!file.isWhole) await file.send(file.bytes.length);
  for (const [index, { id }] of innocent.entries()) {
    expect((await endedJob(server.url, id)).error).toBeUndefined();
    const right = sales[index]!.truth.departments.map(
      ({ department, sum }) => [department, plainDecimal(sum)] as const,
    );
    expect(readTotals(await (await fetch(`${server.url}/jobs/${id}/totals.csv`)).text())).toEqual(new Map(right));
  }
  expect(await metric(server.url, 'tallystream_resumes_total')).toBeGreaterThanOrEqual(innocent.length);
});
