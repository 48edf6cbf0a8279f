/** Calls of ProcessCsv and uploads that give no work, or hardly any, keep nobody from a kernel thread. */
import { request } from 'node:http';
import { create } from '@bufbuild/protobuf';
import { ConnectError, createClient } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { type ProcessCsvRequest, ProcessCsvRequestSchema, ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { endedJob, jobNamed, totalsOf, transports, upload } from './support/clients.ts';
import { metric } from './support/metrics.ts';
import { chunk } from './support/process-csv-requests.ts';
import { nicenessOfThreads } from './support/processes.ts';
import { SALES } from './support/sales.ts';
import { serverStarter } from './support/servers.ts';

/** As many as a processor with one thread has places, and more. */
const CALLS = 40;

const start = serverStarter({ WORKERS: '1' });

/** A call that sends requests and then nothing, until it is let go; resolves with its first message. */
async function begin(url: string, requests: ProcessCsvRequest[], release: AbortSignal) {
  const gone = new Promise<void>((resolve) => release.addEventListener('abort', () => resolve(), { once: true }));
  async function* send() {
    yield* requests;
    await gone;
  }
  const client = createClient(ProcessorService, transports(url)['gRPC']!);
  const responses = client.processCsv(send(), { signal: release })[Symbol.asyncIterator]();
  const first = await responses.next();
  const rest = Array.fromAsync({ [Symbol.asyncIterator]: () => responses });
  return { first: first.value?.message, ended: rest.then(() => undefined, ConnectError.from) };
}

for (const [sent, requests] of [
  ['nothing', []],
  ['options', [create(ProcessCsvRequestSchema, { message: { case: 'options', value: {} } })]],
  ['a few bytes of a file', [chunk('Dept,Amount\na,1\n')]],
] as const) {
  test(`${CALLS} calls that sent ${sent} and rest keep no upload waiting`, async () => {
    const server = await start();
    const letGo = new AbortController();
    const calls = await Promise.all(
      Array.from({ length: CALLS }, () => begin(server.url, [...requests], letGo.signal)),
    );
    expect(calls.map(({ first }) => first?.case)).toEqual(calls.map(() => 'progress'));
    const { id } = await upload(server.url, SALES);
    expect((await endedJob(server.url, id)).state).toBe(JobState.SUCCEEDED);
    letGo.abort();
    await Promise.all(calls.map(({ ended }) => ended));
  });
}

test('a call without bytes takes no place at a processor, one with bytes does', async () => {
  const processor = await start({ ROLE: 'processor' });
  const letGo = new AbortController();
  await begin(processor.url, [], letGo.signal);
  expect(await metric(processor.url, 'tallystream_calls')).toBe(0);
  await begin(processor.url, [chunk('Dept,Amount\n')], letGo.signal);
  await expect.poll(() => metric(processor.url, 'tallystream_calls')).toBe(1);
  letGo.abort();
  await expect.poll(() => metric(processor.url, 'tallystream_calls')).toBe(0);
});

test('calls that rest with a place give it to those that wait, and are told why', async () => {
  const processor = await start({ ROLE: 'processor' });
  const letGo = new AbortController();
  const calls = await Promise.all(
    Array.from({ length: CALLS }, () => begin(processor.url, [chunk('Dept,Amount\na,1\n')], letGo.signal)),
  );
  // One caller has three quarters of 32 places; the rest of its calls wait.
  await expect.poll(() => metric(processor.url, 'tallystream_waiting_calls')).toBe(CALLS - 24);
  const first = await Promise.race(calls.map(({ ended }) => ended));
  expect(first?.metadata.get('tallystream-error-code')).toBe('CALL_IDLE');
  await expect.poll(() => metric(processor.url, 'tallystream_waiting_calls')).toBe(0);
  letGo.abort();
  await Promise.all(calls.map(({ ended }) => ended));
});

test(`${CALLS} uploads that go on by a few bytes now and then keep no other waiting, and come to their own end`, async () => {
  const server = await start();
  const uploads = Array.from({ length: CALLS }, (_, index) => {
    const sending = request(`${server.url}/upload?filename=slow-${index}.csv`, { method: 'POST' });
    const answered = new Promise<number>((resolve, reject) => {
      sending.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sending.on('error', reject);
    });
    sending.write('Department,Amount\nToys,1\n');
    return { sending, answered };
  });
  const more = setInterval(() => {
    for (const { sending } of uploads) sending.write('Toys,1\n');
  }, 500);
  const watching = await jobNamed(server.url, `slow-${CALLS - 1}.csv`, ({ receivedBytes }) => receivedBytes > 0n);
  expect(watching).toBeTruthy();
  const { id } = await upload(server.url, SALES);
  expect((await endedJob(server.url, id)).state).toBe(JobState.SUCCEEDED);
  clearInterval(more);
  for (const { sending } of uploads) sending.end();
  expect(await Promise.all(uploads.map(({ answered }) => answered))).toEqual(uploads.map(() => 202));
  const last = await jobNamed(server.url, `slow-${CALLS - 1}.csv`, ({ state }) => state === JobState.SUCCEEDED);
  expect(last).toBe(watching);
});

test('the thread for calls that a gateway hands on leaves the cores to the uploads, where all want one', async () => {
  const server = await start();
  await totalsOf(server.url, SALES);
  const [own] = [...new Set(nicenessOfThreads(server.processorPid()))];
  const letGo = new AbortController();
  const call = await begin(server.url, [chunk('Dept,Amount\na,1\n')], letGo.signal);
  await expect.poll(() => Math.max(...nicenessOfThreads(server.processorPid()))).toBeGreaterThan(own!);
  expect(nicenessOfThreads(server.processorPid()).filter((nice) => nice > own!)).toHaveLength(1);
  letGo.abort();
  await call.ended;
});
