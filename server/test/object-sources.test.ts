/** Sources in an object storage: totals are those of the same bytes in a file, whatever happens on the way. */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Code, createClient, type Transport } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { getRange } from '../src/object-storage/get-range.ts';
import { ObjectText } from '../src/object-storage/object-text.ts';
import { endedJob, gatewayClient, totalsOf, transports } from './support/clients.ts';
import { ObjectServer } from './support/object-server.ts';
import { generateSales, SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

let storage: ObjectServer;
let server: ServerProcess;
/** Enough for threads. */
const sales = generateSales(900_000, 3, 500);

beforeAll(async () => {
  storage = await ObjectServer.start();
  storage.put('sales/open/sales.csv', sales.csv);
  storage.put('sales/open/sales.csv.gz', gzipSync(sales.csv, { level: 1 }));
  storage.put('sales/open/2026/a [1] ü%41.csv', SALES);
  storage.put('sales/open/2026/b.csv', SALES);
  storage.put('sales/open/2026/.hidden.csv', SALES);
  storage.put('sales/open/2026/deep/er/c.csv', SALES);
  storage.put('sales/open/empty.csv', '');
  storage.put('sales/opener.csv', SALES);
  storage.put('sales/closed/secret.csv', SALES);
  storage.put('other/x.csv', SALES);
  server = await ServerProcess.start({ SOURCES: 's3://sales/open', ...storage.settings });
}, 60_000);
afterEach(() => {
  storage.fault = undefined;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await storage[Symbol.asyncDispose]();
});

const client = () => gatewayClient(server.url);

async function sumOf(source: string) {
  const { job } = await client().createJob({ source });
  const ended = await endedJob(server.url, job!.id);
  const csv = await (await fetch(`${server.url}/jobs/${job!.id}/totals.csv`)).text();
  return { ...ended, csv };
}

test.each(['open/sales.csv', 'open/sales.csv.gz'])('the totals of %s are those of an upload', async (key) => {
  const expected = await totalsOf(server.url, sales.csv);
  storage.ranges.length = 0;
  const { state, filename, source, csv } = await sumOf(`s3://sales/${key}`);
  expect({ state, filename, source }).toEqual({
    state: JobState.SUCCEEDED,
    filename: key.slice('open/'.length),
    source: `s3://sales/${key}`,
  });
  expect(csv).toBe(expected);
  // Several blocks are on their way at once, and threads begin in the middle.
  expect(storage.ranges.length).toBeGreaterThan(5);
});

test.each([
  ['open/2026/*.csv', '46'],
  ['open/2*/**/*.csv', '69'],
  ['open/**/[ab]*.csv', '46'],
  ['open/2026/{a*,b}.csv', '46'],
  ['open/2026/**', '69'],
  ['open/2026/.*', '23'],
  ['open/2026/a \\[1\\] ü%41.csv', '23'],
  ['open/2026/?.csv', '23'],
])('the glob %s, page by page', async (glob, total) => {
  storage.pageSize = 2;
  const found = await sumOf(`s3://sales/${glob}`);
  storage.pageSize = 1000;
  expect(found.state).toBe(JobState.SUCCEEDED);
  expect(found.total).toBe(total);
});

test('nothing outside of SOURCES is read or told of', async () => {
  const code = (source: string) =>
    client()
      .createJob({ source })
      .then(
        () => 'made',
        (error) => error.metadata.get('tally-code') ?? error.code,
      );
  const refused = await Promise.all(
    [
      's3://sales/closed/secret.csv',
      's3://sales/opener.csv',
      's3://other/x.csv',
      's3://sales/*',
      's3://sales/{open,closed}/*.csv',
    ].map(code),
  );
  expect(new Set(refused)).toEqual(new Set([refused[0]]));
  await expect(client().createJob({ source: 's3://sales/closed/secret.csv' })).rejects.toMatchObject({
    code: Code.PermissionDenied,
  });
  await expect(client().createJob({ source: 's3://sales/open/none.csv' })).rejects.toMatchObject({
    code: Code.NotFound,
  });
  for (const glob of ['s3://sales/open/x*y.csv', 's3://sales/open*']) {
    await expect(client().createJob({ source: glob })).rejects.toMatchObject({ code: Code.NotFound });
  }
  await expect(client().createJob({ source: 's3://sales/open/../closed/secret.csv' })).rejects.toMatchObject({
    code: Code.InvalidArgument,
  });
});

test('the folders of a bucket are listed, and their files chosen and looked into', async () => {
  const list = async (folder: string) => (await client().listSources({ folder, pageSize: 50 })).sources;
  const [root] = await list('');
  expect(root).toMatchObject({ url: 's3://sales/open', name: 's3://sales/open', folder: true });
  const open = await list(root!.url);
  expect(open.map(({ name, folder }) => `${name}${folder ? '/' : ''}`)).toEqual([
    '2026/',
    'empty.csv',
    'sales.csv',
    'sales.csv.gz',
  ]);
  expect(open.find(({ name }) => name === 'sales.csv')?.sizeBytes).toBe(BigInt(sales.csv.length));
  const year = await list(open[0]!.url);
  const odd = year.find(({ name }) => name.startsWith('a '))!;
  const { dialect } = await client().inspectCsv({ source: odd.url });
  expect(dialect?.columns.map(({ name }) => name)).toContain('Department Name');
  expect((await sumOf(odd.url)).total).toBe('23');
  await expect(list('s3://sales/closed')).rejects.toMatchObject({ code: Code.PermissionDenied });
});

test('another question about an object needs no list of it, and an empty object is told', async () => {
  const { id } = await sumOf('s3://sales/open/2026/b.csv');
  const { job } = await client().createJob({ source: `jobs/${id}`, options: { departmentColumn: 'Date' } });
  expect((await endedJob(server.url, job!.id)).departments).toBeGreaterThan(0);
  expect((await sumOf('s3://sales/open/empty.csv')).doubts.map(({ code }) => code)).toEqual(['NO_ROWS']);
});

test('broken connections, cut answers, errors and slowness of the storage change no total', async () => {
  const expected = await totalsOf(server.url, sales.csv);
  storage.fault = ({ count, request, response, headers, body }) => {
    if (count % 5 === 1) request.socket.destroy();
    else if (count % 5 === 2) response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
    else if (count % 5 === 3) {
      response.writeHead(206, headers);
      response.write(body.subarray(0, body.length / 2), () => request.socket.destroy());
    } else return false;
    return true;
  };
  const { state, csv } = await sumOf('s3://sales/open/sales.csv');
  expect(state).toBe(JobState.SUCCEEDED);
  expect(csv).toBe(expected);
});

test('an object that changes while it is read fails the job, and one that stays away is told', async () => {
  const other = Buffer.from(sales.csv);
  other[other.length - 2] = other[other.length - 2] === 0x31 ? 0x32 : 0x31;
  storage.put('sales/open/changing.csv', sales.csv);
  storage.fault = ({ headers }) => {
    if (!String(headers['Content-Range']).startsWith('bytes 0-7/')) storage.put('sales/open/changing.csv', other);
    return false;
  };
  storage.ranges.length = 0;
  const processor = createClient(ProcessorService, transports(server.url)['gRPC'] as Transport);
  const reading = (async () => {
    for await (const _ of processor.processSource({ source: 's3://sales/open/changing.csv' }));
  })();
  await expect(reading).rejects.toMatchObject({
    code: Code.FailedPrecondition,
    message: expect.stringContaining('changed'),
  });
  storage.fault = ({ response }) => {
    response.writeHead(503).end();
    return true;
  };
  await expect(client().createJob({ source: 's3://sales/open/sales.csv' })).rejects.toMatchObject({
    code: Code.Unavailable,
    message: expect.stringContaining('status 503'),
  });
});

test('an object is read as its bytes, forwards, backwards and behind its end', async () => {
  const body = randomBytes(3_000_000);
  storage.put('sales/open/bytes', body);
  const { S3_ENDPOINT } = storage.settings;
  const url = `${S3_ENDPOINT}/sales/open/bytes?X-Amz-Signature=0`;
  const place = { bucket: 'sales', key: 'open/bytes' };
  const { size, etag } = await getRange({
    url,
    object: place,
    etag: undefined,
    from: 0,
    to: 8,
    signal: new AbortController().signal,
  });
  using text = new ObjectText({ ...place, size, etag }, async () => url, 2_000_000);
  let seed = 1;
  const next = (limit: number) => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return seed % limit;
  };
  let at = 0;
  for (let reading = 0; reading < 200; reading++) {
    at = next(4) === 0 ? next(body.length + 10) : at;
    const target = new Uint8Array(next(100_000));
    const length = await text.read(at, target);
    const expected = body.subarray(at, at + target.length);
    expect(length).toBe(expected.length);
    expect(Buffer.compare(target.subarray(0, length), expected)).toBe(0);
    at += length;
  }
});
