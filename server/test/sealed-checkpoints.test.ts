/** Checkpoints that come back: those of this server go on, all others are refused, and no forged one does harm. */
import { crc32 } from 'node:zlib';
import { create } from '@bufbuild/protobuf';
import { ConnectError, createClient } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { type ProcessCsvRequest, ProcessCsvRequestSchema, ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { endedJob, transports, upload } from './support/clients.ts';
import { SALES } from './support/sales.ts';
import type { ServerProcess } from './support/server-process.ts';
import { serverStarter } from './support/servers.ts';

const start = serverStarter({ WORKERS: '1' });

function request(message: NonNullable<Parameters<typeof create<typeof ProcessCsvRequestSchema>>[1]>['message']) {
  return create(ProcessCsvRequestSchema, { message });
}

const FIRST = Buffer.from('Department,Amount\nToys,1\n');
const SECOND = Buffer.from('Games,2\n');

function clientOf({ url }: ServerProcess) {
  return createClient(ProcessorService, transports(url)['gRPC']!);
}

/** The state of a call after the first part of a file. */
async function checkpointOf(server: ServerProcess): Promise<Buffer> {
  async function* send(): AsyncGenerator<ProcessCsvRequest> {
    yield request({ case: 'chunk', value: FIRST });
    yield request({ case: 'checkpointRequest', value: {} });
  }
  const parts: Uint8Array[] = [];
  for await (const { message } of clientOf(server).processCsv(send())) {
    if (message.case === 'checkpoint') parts.push(message.value.state);
  }
  return Buffer.concat(parts);
}

/** Goes on from a state with the second part: the total, or the code of the error. */
async function goOn(server: ServerProcess, resume: Uint8Array): Promise<string> {
  async function* send(): AsyncGenerator<ProcessCsvRequest> {
    yield request({ case: 'options', value: { resume } });
    yield request({ case: 'chunk', value: SECOND });
  }
  try {
    const answers = await Array.fromAsync(clientOf(server).processCsv(send()));
    const last = answers.at(-1)?.message;
    return last?.case === 'summary' ? last.value.total : 'no summary';
  } catch (error) {
    return ConnectError.from(error).metadata.get('tallystream-error-code') ?? String(error);
  }
}

/** The same state with other facts, and the checksum that goes with them. */
function forged(state: Buffer, change: (json: string) => string): Buffer {
  const end = 16 + state.readUInt32LE(12);
  const json = Buffer.from(change(state.toString('utf8', 16, end)));
  const bytes = Buffer.concat([state.subarray(0, 16), json, state.subarray(end)]);
  bytes.writeUInt32LE(json.length, 12);
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8);
  return bytes;
}

test('a checkpoint goes on at the server that made it, also after its processor or the whole of it began anew', async () => {
  const server = await start();
  const state = await checkpointOf(server);
  expect(await goOn(server, state)).toBe('3');
  const processor = server.processorPid();
  process.kill(processor, 'SIGKILL');
  await expect.poll(() => server.processorPid()).not.toBe(processor);
  await expect.poll(() => goOn(server, state)).toBe('3');
  await server.stop();
  expect(await goOn(await start({ DATA_DIR: server.dataDir }), state)).toBe('3');
});

test('a checkpoint of another server is refused, unless both have one key', async () => {
  const [one, other] = [await start(), await start()];
  expect(await goOn(other, await checkpointOf(one))).toBe('CHECKPOINT_INVALID');
  const key = { ROLE: 'processor', CHECKPOINT_KEY: 'a key of two processors' };
  const [first, second] = [await start(key), await start(key)];
  expect(await goOn(second, await checkpointOf(first))).toBe('3');
  const open = await start({ ROLE: 'processor' });
  expect(await goOn(first, await checkpointOf(open))).toBe('CHECKPOINT_INVALID');
});

for (const environment of [{ ROLE: 'all' }, { ROLE: 'processor' }]) {
  test(`forged facts hold no thread and end no process: ${environment.ROLE}`, async () => {
    const server = await start(environment);
    const state = await checkpointOf(server);
    for (const change of [
      (json: string) => json.replace(/"headBytes":\d+/, '"headBytes":-1'),
      (json: string) => json.replace(/"headBytes":\d+/, '"headBytes":1e300'),
      (json: string) => json.replace(/"markBytes":\d+/, '"markBytes":"0"'),
      (json: string) => json.replace(/"bytes":\d+/, '"bytes":{}'),
      (json: string) => json.replace(/"encoding":"[^"]*"/, '"encoding":"base64"'),
    ]) {
      expect(await goOn(server, forged(state, change))).toBe('CHECKPOINT_INVALID');
    }
    expect(await goOn(server, state)).toBe('3');
    if (environment.ROLE === 'processor') return;
    const { id } = await upload(server.url, SALES);
    expect((await endedJob(server.url, id)).state).toBe(JobState.SUCCEEDED);
  });
}
