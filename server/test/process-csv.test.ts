/** ProcessCsv over real sockets, with every protocol and with clients that nobody here wrote. */
import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { credentials, loadPackageDefinition, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ProcessCsvRequest, ProcessCsvRequestSchema, ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { transports } from './support/clients.ts';
import { chunk } from './support/process-csv-requests.ts';
import { generateSales, SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { plainDecimal } from './support/totals.ts';

let all: ServerProcess;
let processor: ServerProcess;

beforeAll(async () => {
  [all, processor] = await Promise.all([ServerProcess.start(), ServerProcess.start({ ROLE: 'processor' })]);
});
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await processor[Symbol.asyncDispose]();
});

const sales = generateSales(30_000);

async function* inTurn(requests: ProcessCsvRequest[]) {
  yield* requests;
}

async function* cut(bytes: Uint8Array, size: number) {
  for (let start = 0; start < bytes.length; start += size) yield chunk(bytes.subarray(start, start + size));
}

for (const [role, server] of [
  ['the processor', () => processor],
  ['the port of a gateway with its own processor', () => all],
] as const) {
  for (const name of Object.keys(transports('http://127.0.0.1:1'))) {
    test(`${name} at ${role}: progress at once, rejects, sorted totals, one summary`, async () => {
      const transport = transports(server().url)[name];
      if (!transport) throw new Error('no such transport');
      const kinds: string[] = [];
      const totals = new Map<string, string>();
      let rejects = 0;
      let rowsRejected = 0n;
      let progressBytes = 0n;
      for await (const { message } of createClient(ProcessorService, transport).processCsv(cut(sales.csv, 65_537))) {
        kinds.push(String(message.case));
        if (message.case === 'progress') progressBytes = message.value.bytes;
        if (message.case === 'totals') {
          for (const { department, sum } of message.value.totals) totals.set(department, plainDecimal(sum));
        }
        if (message.case === 'rejects') rejects += message.value.rejects.length;
        if (message.case === 'summary') rowsRejected = message.value.rowsRejected;
      }
      const right = sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)]);
      expect([...totals]).toEqual(right);
      expect(rejects).toBe(sales.truth.rowsRejected);
      expect(Number(rowsRejected)).toBe(sales.truth.rowsRejected);
      expect(kinds[0]).toBe('progress');
      expect(kinds.at(-1)).toBe('summary');
      expect(kinds.filter((kind) => kind === 'summary')).toHaveLength(1);
      const firstTotals = kinds.indexOf('totals');
      expect(kinds.slice(firstTotals, -1).every((kind) => kind === 'totals')).toBe(true);
      // Before the result comes, which may take long, the caller knows that the whole file was taken up.
      expect(Number(progressBytes)).toBe(sales.csv.length);
    });
  }

  test(`grpc-js at ${role} gets the same totals`, async () => {
    const definition = loadSync('tallystream/v1/processor.proto', {
      includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))],
      longs: Number,
    });
    // biome-ignore lint/suspicious/noExplicitAny: the client is made from the proto at run time
    const packages = loadPackageDefinition(definition) as any;
    const client = new packages.tallystream.v1.ProcessorService(
      server().url.replace('http://', ''),
      credentials.createInsecure(),
    );
    const call = client.ProcessCsv();
    const totals: [string, string][] = [];
    const ended = new Promise((resolve, reject) => {
      call.on('data', (response: { totals?: { totals: { department: string; sum: string }[] } }) => {
        for (const { department, sum } of response.totals?.totals ?? []) totals.push([department, plainDecimal(sum)]);
      });
      call.on('status', (result: { code: number }) => resolve(result.code));
      call.on('error', reject);
    });
    call.write({ options: { csv: { departmentColumn: 'Department Name' } } });
    for (let start = 0; start < sales.csv.length; start += 100_000) {
      call.write({ chunk: sales.csv.subarray(start, start + 100_000) });
    }
    call.end();
    expect(await ended).toBe(status.OK);
    expect(totals).toEqual(sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)]));
    client.close();
  });

  test(`bad options at ${role} end the call with a clear error, though the caller sends on`, async () => {
    const client = createClient(ProcessorService, createGrpcTransport({ baseUrl: server().url }));
    const endless = async function* () {
      const csv = { departmentColumn: 'Region' };
      yield create(ProcessCsvRequestSchema, { message: { case: 'options', value: { csv } } });
      while (true) {
        yield chunk(sales.csv);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const call = async () => {
      for await (const _ of client.processCsv(endless()));
    };
    const error = await call().catch((reason) => ConnectError.from(reason));
    expect(error).toMatchObject({ code: Code.InvalidArgument, rawMessage: expect.stringContaining('Region') });
  });

  test(`a call without a byte at ${role} has an empty result`, async () => {
    const client = createClient(ProcessorService, createGrpcTransport({ baseUrl: server().url }));
    const responses = await Array.fromAsync(client.processCsv((async function* () {})()));
    const last = responses.at(-1)?.message;
    expect(last?.case).toBe('summary');
    if (last?.case === 'summary') expect(last.value).toMatchObject({ rows: 0n, departments: 0, total: '0' });
  });

  test(`options after a chunk, and a message without anything, are refused at ${role}`, async () => {
    const client = createClient(ProcessorService, createGrpcTransport({ baseUrl: server().url }));
    const late = create(ProcessCsvRequestSchema, { message: { case: 'options', value: {} } });
    for (const requests of [[chunk(Buffer.from(SALES)), late], [create(ProcessCsvRequestSchema)]]) {
      const call = Array.fromAsync(client.processCsv(inTurn(requests)));
      await expect(call).rejects.toMatchObject({ code: Code.InvalidArgument });
    }
  });
}

for (const name of ['Connect with binary messages', 'gRPC']) {
  test(`${name}: a checkpoint covers what was sent before it, and another call goes on from it to the same totals`, async () => {
    const transport = transports(processor.url)[name];
    if (!transport) throw new Error('no such transport');
    const client = createClient(ProcessorService, transport);
    const cutAt = 333_333;
    const first = async function* () {
      yield* cut(sales.csv.subarray(0, cutAt), 10_000);
      yield create(ProcessCsvRequestSchema, { message: { case: 'checkpointRequest', value: { id: 7n } } });
    };
    const stopped = await Array.fromAsync(client.processCsv(first()), ({ message }) => message);
    const checkpoint = stopped.find((message) => message.case === 'checkpoint')?.value;
    expect(checkpoint).toMatchObject({ id: 7n, bytes: BigInt(cutAt) });
    const resume = checkpoint?.state ?? new Uint8Array();
    const second = async function* () {
      yield create(ProcessCsvRequestSchema, { message: { case: 'options', value: { resume } } });
      yield* cut(sales.csv.subarray(cutAt), 50_000);
    };
    const resumed = await Array.fromAsync(client.processCsv(second()), ({ message }) => message);
    const totals = resumed.flatMap((message) => (message.case === 'totals' ? message.value.totals : []));
    expect(totals.map(({ department, sum }) => [department, plainDecimal(sum)])).toEqual(
      sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)]),
    );
    const summary = resumed.at(-1);
    if (summary?.case === 'summary') expect(summary.value.bytes).toBe(BigInt(sales.csv.length));
    // Rejects after the checkpoint of the first call come again in the second, but for the row that was cut.
    const before = stopped.slice(
      0,
      stopped.findIndex((message) => message.case === 'checkpoint'),
    );
    const kept = [...before, ...resumed].flatMap((message) =>
      message.case === 'rejects' ? message.value.rejects : [],
    );
    expect(kept).toHaveLength(sales.truth.rowsRejected);
    const damaged = async function* () {
      const broken = Uint8Array.from(resume, (byte, index) => (index === 100 ? byte ^ 1 : byte));
      yield create(ProcessCsvRequestSchema, { message: { case: 'options', value: { resume: broken } } });
    };
    await expect(Array.fromAsync(client.processCsv(damaged()))).rejects.toMatchObject({
      code: Code.FailedPrecondition,
    });
  });
}

test('a deadline ends a call that waits for its caller', async () => {
  const client = createClient(ProcessorService, createGrpcTransport({ baseUrl: processor.url }));
  const waiting = async function* () {
    yield chunk(Buffer.from(SALES));
    await new Promise(() => {});
  };
  const call = Array.fromAsync(client.processCsv(waiting(), { timeoutMs: 300 }));
  await expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
});

test('a caller that reads nothing is not read from: the sender stops at the windows', async () => {
  const client = createClient(ProcessorService, createGrpcTransport({ baseUrl: processor.url }));
  // Every row is rejected and reported, so responses grow with requests.
  const bad = Buffer.from(`Department Name,Number of Sales\n${'x,not a number at all\n'.repeat(50_000)}`);
  let sent = 0;
  const requests = async function* () {
    for (let count = 0; count < 400; count++) {
      yield chunk(bad.subarray(count === 0 ? 0 : 32));
      sent += bad.length;
    }
  };
  const stop = new AbortController();
  const call = client.processCsv(requests(), { signal: stop.signal })[Symbol.asyncIterator]();
  await call.next();
  let before = -1;
  // It goes on until everything between is full, and then not one byte further.
  while (before !== sent) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  expect(sent).toBeLessThan(100 * bad.length);
  stop.abort();
  await expect(call.next().then(() => Array.fromAsync({ [Symbol.asyncIterator]: () => call }))).rejects.toThrow();
});
