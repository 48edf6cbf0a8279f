/** ProcessSource over real sockets, with every protocol, at a processor and at a gateway, beside ProcessCsv. */
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ProcessCsvResponse, ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { transports } from './support/clients.ts';
import { chunk } from './support/process-csv-requests.ts';
import { generateSales, SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

let folder: string;
let all: ServerProcess;
let processor: ServerProcess;
/** Enough for threads. */
const sales = generateSales(600_000, 3, 500);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-sources-'));
  await mkdir(join(folder, 'open/below'), { recursive: true });
  await mkdir(join(folder, 'closed'));
  await writeFile(join(folder, 'open/sales.csv'), sales.csv);
  await writeFile(join(folder, 'open/sales.csv.gz'), gzipSync(sales.csv, { level: 1 }));
  await writeFile(join(folder, 'open/odd [1] %41 #2?.csv'), SALES);
  await writeFile(join(folder, 'open/below/a.csv'), SALES);
  await writeFile(join(folder, 'open/below/b.csv'), `${SALES}x\n`);
  await writeFile(join(folder, 'closed/secret.csv'), SALES);
  await symlink(join(folder, 'closed'), join(folder, 'open/way-out'));
  await symlink(join(folder, 'closed/secret.csv'), join(folder, 'open/out.csv'));
  await symlink(join(folder, 'open/below'), join(folder, 'open/way-in'));
  const settings = { SOURCES: join(folder, 'open') };
  [all, processor] = await Promise.all([
    ServerProcess.start(settings),
    ServerProcess.start({ ...settings, ROLE: 'processor' }),
  ]);
}, 60_000);
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await processor[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const source = (path: string) => pathToFileURL(join(folder, path)).href;

async function collect(responses: AsyncIterable<ProcessCsvResponse>) {
  const kinds: string[] = [];
  const totals: unknown[] = [];
  const rejects: unknown[] = [];
  let summary: unknown;
  for await (const { message } of responses) {
    if (message.case !== kinds.at(-1)) kinds.push(String(message.case));
    if (message.case === 'totals') totals.push(...message.value.totals);
    if (message.case === 'rejects') rejects.push(...message.value.rejects);
    if (message.case === 'summary') summary = message.value;
  }
  return { kinds, totals, rejects, summary };
}

async function* requests() {
  for (let start = 0; start < sales.csv.length; start += 1_000_000) {
    yield chunk(sales.csv.subarray(start, start + 1_000_000));
  }
}

for (const [role, server] of [
  ['the processor', () => processor],
  ['the port of a gateway', () => all],
] as const) {
  for (const name of Object.keys(transports('http://127.0.0.1:1'))) {
    test(`${name} at ${role}: what ProcessCsv gives, to the byte`, async () => {
      const client = createClient(ProcessorService, transports(server().url)[name] as Transport);
      const streamed = await collect(client.processCsv(requests()));
      for (const path of name === 'gRPC' ? ['open/sales.csv', 'open/sales.csv.gz'] : ['open/sales.csv']) {
        const read = await collect(client.processSource({ source: source(path) }));
        expect(read.kinds[0]).toBe('progress');
        expect(read.kinds.slice(-2)).toEqual(['totals', 'summary']);
        expect({ ...read, kinds: [] }).toEqual({ ...streamed, kinds: [] });
      }
      expect(streamed.rejects.length).toBeGreaterThan(1_000);
    });
  }

  test.each([
    ['a folder that is not allowed', 'closed/secret.csv', Code.PermissionDenied],
    ['a link to a file outside', 'open/out.csv', Code.PermissionDenied],
    ['a link to a folder outside', 'open/way-out/secret.csv', Code.PermissionDenied],
    ['a file outside that is not there', 'closed/none.csv', Code.PermissionDenied],
    ['a glob outside', 'closed/*.csv', Code.PermissionDenied],
    ['a glob that leads out', 'open/../closed/*.csv', Code.InvalidArgument],
    ['a glob through a link that leads out', 'open/way-out/*.csv', Code.PermissionDenied],
    ['a glob that finds a link to a folder outside', 'open/way-ou[t]/*.csv', Code.NotFound],
    ['a glob that finds a link to a file outside', 'open/ou*.csv', Code.NotFound],
    ['a glob that leads up', 'open/{..,x}/closed/*', Code.InvalidArgument],
    ['a glob that would match the way up', 'open/[.][.]/closed/*', Code.NotFound],
    ['a file that is not there', 'open/none.csv', Code.NotFound],
    ['a glob without matches', 'open/none-*.csv', Code.NotFound],
    ['a folder', 'open/below', Code.NotFound],
  ])(`${role} refuses %s`, async (_, path, code) => {
    const client = createClient(ProcessorService, transports(server().url)['gRPC'] as Transport);
    // As it is: making a URL of it would take the dots away.
    const error = await collect(client.processSource({ source: `file://${folder}/${path}` })).catch(ConnectError.from);
    expect(error).toMatchObject({ code });
    // Names that only a glob has found are not told.
    if (path.includes('*')) expect(String(error)).not.toContain('secret');
  });

  test.each([
    ['no source', ''],
    ['a relative path', 'open/sales.csv'],
    ['a host', 'file://example.com/sales.csv'],
    ['another kind', 'gs://bucket/sales.csv'],
    ['half a percent sign', 'file:///sales%4.csv'],
    ['a zero', 'file:///sales%00.csv'],
  ])(`${role} refuses %s in words`, async (_, given) => {
    const client = createClient(ProcessorService, transports(server().url)['Connect with JSON'] as Transport);
    const error = await collect(client.processSource({ source: given })).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.InvalidArgument, rawMessage: expect.stringContaining('file:///') });
  });
}

test('the spool of a gateway is nobody else’s', async () => {
  const response = await fetch(`${all.url}/upload?filename=mine.csv`, { method: 'POST', body: SALES });
  const { id } = (await response.json()) as { id: string };
  const client = createClient(ProcessorService, transports(all.url)['gRPC'] as Transport);
  for (const path of [join(all.dataDir, 'spool', id), join(all.dataDir, 'tallystream.db')]) {
    const error = await collect(client.processSource({ source: pathToFileURL(path).href })).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.PermissionDenied });
  }
});

test('a glob is one data set in the order of the paths, a link inside counts, and rejects name their file', async () => {
  const client = createClient(ProcessorService, transports(processor.url)['gRPC'] as Transport);
  const { totals, rejects, summary } = await collect(
    client.processSource({ source: `${folder}/open/{below,way-in}/*.csv` }),
  );
  // Each file once, whatever names it has.
  expect(summary).toMatchObject({ rows: 8n, rowsRejected: 1n, total: '46' });
  expect(totals).toMatchObject([{ department: 'Books', sum: '34' }, {}, {}]);
  expect(rejects).toMatchObject([{ file: 'b.csv', line: 6n, raw: 'x' }]);
});

test('a file that is called like a glob is that file, by its URL and by its path', async () => {
  const client = createClient(ProcessorService, transports(processor.url)['gRPC'] as Transport);
  const path = join(folder, 'open/odd [1] %41 #2?.csv');
  for (const given of [pathToFileURL(path).href, path]) {
    expect((await collect(client.processSource({ source: given }))).summary).toMatchObject({ total: '23' });
  }
});

test('options are those of ProcessCsv, and so are their errors', async () => {
  const client = createClient(ProcessorService, transports(processor.url)['gRPC'] as Transport);
  const given = source('open/below/a.csv');
  const { summary } = await collect(client.processSource({ source: given, csv: { departmentColumn: 'Date' } }));
  expect(summary).toMatchObject({ departments: 2 });
  const wrong = collect(client.processSource({ source: given, csv: { departmentColumn: 'None' } }));
  await expect(wrong).rejects.toMatchObject({ code: Code.InvalidArgument });
  const bad = collect(client.processSource({ source: given, csv: { delimiter: 'xx' } }));
  await expect(bad).rejects.toMatchObject({ code: Code.InvalidArgument });
});

test('a call goes on from a checkpoint, and from no other state', async () => {
  const client = createClient(ProcessorService, transports(processor.url)['gRPC'] as Transport);
  const given = source('open/sales.csv');
  const states: Uint8Array[][] = [];
  const before: number[] = [];
  let open: Uint8Array[] = [];
  let rejects = 0;
  for await (const { message } of client.processSource({ source: given, checkpointMs: 1 })) {
    if (message.case === 'rejects') rejects += message.value.rejects.length;
    if (message.case !== 'checkpoint') continue;
    open.push(message.value.state);
    if (message.value.more) continue;
    states.push(open);
    before.push(rejects);
    open = [];
  }
  const whole = await collect(client.processSource({ source: given }));
  expect(states.length).toBeGreaterThan(0);
  for (const [index, resume] of states.entries()) {
    const rest = await collect(client.processSource({ source: given, resume }));
    expect(rest.totals).toEqual(whole.totals);
    expect(rest.summary).toEqual(whole.summary);
    expect(rest.rejects).toEqual(whole.rejects.slice(before[index]));
  }
  const forged = collect(client.processSource({ source: given, resume: [Buffer.from('nonsense')] }));
  await expect(forged).rejects.toMatchObject({ code: Code.FailedPrecondition });
});

test('a call does not go on from a checkpoint of another file, of more files, or of a file that has changed', async () => {
  const client = createClient(ProcessorService, transports(processor.url)['gRPC'] as Transport);
  const path = join(folder, 'open/resumed.csv');
  await writeFile(path, sales.csv);
  let resume: Uint8Array[] = [];
  for await (const { message } of client.processSource({ source: path, checkpointMs: 1 })) {
    if (message.case === 'checkpoint') resume = [...resume, message.value.state].slice(message.value.more ? 0 : -1);
  }
  expect(resume).toHaveLength(1);
  const call = (given: string) => collect(client.processSource({ source: given, resume })).catch(ConnectError.from);
  for (const other of ['open/sales.csv', 'open/below/a.csv', 'open/sales.csv.gz', 'open/{below/a,resumed}.csv']) {
    expect(await call(join(folder, other)), other).toMatchObject({ code: Code.FailedPrecondition });
  }
  expect(await call(path)).toMatchObject({ summary: { departments: 500 } });
  for (const text of [sales.csv.subarray(0, 100_000), SALES, Buffer.concat([sales.csv, Buffer.from('x')])]) {
    await writeFile(path, text);
    expect(await call(path)).toMatchObject({
      code: Code.FailedPrecondition,
      rawMessage: expect.stringContaining('changed'),
    });
  }
  await rm(path);
});

test('callers that read nothing give their places to others', { timeout: 60_000 }, async () => {
  const idle = new AbortController();
  const many = Buffer.from(`a,b\n${Array.from({ length: 700_000 }, (_, row) => `department ${row},1\n`).join('')}`);
  const path = join(folder, 'open/many.csv');
  await writeFile(path, many);
  for (const { url } of [processor, all]) {
    const client = createClient(ProcessorService, transports(url)['gRPC'] as Transport);
    const calls = Array.from({ length: 4 }, () => client.processSource({ source: path }, { signal: idle.signal }));
    const open = calls.map((call) => call[Symbol.asyncIterator]());
    for (const each of open) void each.next().catch(() => {});
    const small = source('open/below/a.csv');
    expect((await collect(client.processSource({ source: small }))).summary).toMatchObject({ total: '23' });
  }
  idle.abort();
  await rm(path);
});

test('a cancel ends the reading: others get its place', async () => {
  const client = createClient(ProcessorService, transports(processor.url)['gRPC'] as Transport);
  const given = source('open/sales.csv');
  const calls = Array.from({ length: 12 }, async () => {
    const stop = new AbortController();
    try {
      for await (const _ of client.processSource({ source: given }, { signal: stop.signal })) stop.abort();
    } catch (error) {
      return ConnectError.from(error).code;
    }
    return undefined;
  });
  expect(new Set(await Promise.all(calls))).toEqual(new Set([Code.Canceled]));
  expect((await collect(client.processSource({ source: given }))).summary).toMatchObject({ departments: 500 });
  const metrics = await (await fetch(`${processor.url}/metrics`)).text();
  expect(metrics).toMatch(/^tallystream_sources 0$/m);
});

test('grpc-js reads a source', async () => {
  const path = new URL('../../proto', import.meta.url).pathname;
  const definition = loadSync('tallystream/v1/processor.proto', { includeDirs: [path], longs: String });
  // biome-ignore lint/suspicious/noExplicitAny: grpc-js has no types for what it loads
  const { tallystream } = loadPackageDefinition(definition) as any;
  const address = processor.url.replace('http://', '');
  const client = new tallystream.v1.ProcessorService(address, credentials.createInsecure());
  const call = client.ProcessSource({ source: source('open/below/a.csv') });
  const responses = [];
  for await (const response of call) responses.push(response);
  client.close();
  expect(responses.at(-1).summary).toMatchObject({ total: '23' });
});

test('a file of another header and one that changes are told with their names', async () => {
  const client = createClient(ProcessorService, transports(processor.url)['gRPC'] as Transport);
  await writeFile(join(folder, 'open/below/c.txt'), 'Department,Sales\nBooks,1\n');
  const other = collect(client.processSource({ source: `${folder}/open/below/*.{csv,txt}` }));
  await expect(other).rejects.toMatchObject({
    code: Code.InvalidArgument,
    rawMessage: expect.stringMatching(/"c.txt".*"Department", "Sales".*"Department Name"/),
  });
  const path = join(folder, 'open/changing.csv');
  await writeFile(path, sales.csv);
  let isOver = false;
  const writing = (async () => {
    for (let second = 1; !isOver; second++) await utimes(path, second, second);
  })();
  const changed = collect(client.processSource({ source: path })).finally(() => (isOver = true));
  await expect(changed).rejects.toMatchObject({
    code: Code.FailedPrecondition,
    rawMessage: expect.stringContaining('changing.csv'),
  });
  await writing;
  await rm(path);
});
