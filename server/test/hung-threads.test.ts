/** A kernel thread that never comes back is ended, with the job that it worked on and with no other. */
import { fileURLToPath } from 'node:url';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { endedJob, gatewayClient, transports, upload } from './support/clients.ts';
import { chunk } from './support/process-csv-requests.ts';
import { SALES } from './support/sales.ts';
import { serverStarter } from './support/servers.ts';
import { TusFile } from './support/tus-file.ts';

const HANG = fileURLToPath(new URL('./support/hang.ts', import.meta.url));
const start = serverStarter({ WORKERS: '1', CHECKPOINT_MS: '50' }, ['--import', HANG]);

async function* hanging(signal?: AbortSignal) {
  yield chunk('Department,Amount\nHANG,1\n');
  await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}

test('the deadline of a call ends its work: the thread is there for others again', async () => {
  const server = await start({ ROLE: 'processor' });
  const client = createClient(ProcessorService, transports(server.url)['gRPC']!);
  const ended = Array.fromAsync(client.processCsv(hanging(AbortSignal.timeout(1_000)), { timeoutMs: 500 }));
  await expect(ended).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  async function* sales() {
    yield chunk(SALES);
  }
  const answers = await Array.fromAsync(client.processCsv(sales()));
  expect(answers.at(-1)?.message).toMatchObject({ case: 'summary', value: { total: '23' } });
});

test('a processor whose thread does not answer is not ready until the thread is ended', async () => {
  const server = await start({ ROLE: 'processor' });
  const client = createClient(ProcessorService, transports(server.url)['gRPC']!);
  const leave = new AbortController();
  const call = Array.fromAsync(client.processCsv(hanging(leave.signal), { signal: leave.signal })).catch(
    ConnectError.from,
  );
  const status = async () => (await fetch(`${server.url}/readyz`)).status;
  expect(await status()).toBe(200);
  await expect.poll(status).toBe(503);
  leave.abort();
  await call;
  await expect.poll(status).toBe(200);
});

test('a job that is canceled while its thread hangs ends, and the other jobs of the thread go on', async () => {
  const server = await start();
  const client = gatewayClient(server.url);
  const rows = Buffer.from(`Department,Amount\n${'Toys,1\n'.repeat(200_000)}`);
  const { job } = await client.createJob({ filename: 'innocent.csv', sizeBytes: BigInt(rows.length) });
  const innocent = new TusFile(job?.id ?? '', rows, { url: async () => server.url });
  await innocent.send(700_000);
  const guilty = await client.createJob({ filename: 'guilty.csv', sizeBytes: 1000n });
  const hang = Buffer.from('Department,Amount\nHANG,1\n'.padEnd(1000, ' '));
  await new TusFile(guilty.job?.id ?? '', hang, { url: async () => server.url }).send(900);
  await client.cancelJob({ id: guilty.job?.id ?? '' });
  while (!innocent.isWhole) await innocent.send(rows.length);
  const ended = await endedJob(server.url, innocent.id);
  expect(ended).toMatchObject({ state: JobState.SUCCEEDED, total: '200000' });
  expect((await client.getJob({ id: guilty.job?.id ?? '' })).job?.state).toBe(JobState.CANCELED);
  const { id } = await upload(server.url, SALES);
  expect((await endedJob(server.url, id)).state).toBe(JobState.SUCCEEDED);
});
