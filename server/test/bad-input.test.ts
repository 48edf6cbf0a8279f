/** Files and names that no one should send: each gets a clear error or right totals, and the server stays well. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { GatewayService, type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService, RejectReason, TotalsBatchSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { endedJob, gatewayClient, jobNamed, upload } from './support/clients.ts';
import { answerTo, send } from './support/requests.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { expectNothingLeft } from './support/wellness.ts';

const MB = 1024 * 1024;
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({ MAX_DEPARTMENTS: '1000' });
});
afterEach(() => expectNothingLeft(server));
afterAll(() => server[Symbol.asyncDispose]());

/** Bytes without any pattern, the same in every run. */
function noise(outputLength: number): Buffer {
  return createHash('shake256', { outputLength }).update('noise').digest();
}

async function analysed(body: string | Uint8Array, query = ''): Promise<Job> {
  const { response, id } = await upload(server.url, body, query);
  expect(response.status).toBe(202);
  return await endedJob(server.url, id);
}

function rejectsOf(job: Job): [RejectReason, bigint][] {
  return job.rejectedByReason.map(({ reason, count }) => [reason, count]);
}

const NAMES: [string, string, string][] = [
  ['a path', '../../etc/passwd', 'passwd'],
  ['a path of Windows', 'C:\\Users\\x\\..\\sales.csv', 'sales.csv'],
  ['a drive', 'C:\\', 'upload.csv'],
  ['NUL', 'sales.csv\u0000.exe', 'sales.csv.exe'],
  ['control characters', '\u001b[31msa\r\nles\u0085.csv', '[31msales.csv'],
  ['overrides of the writing direction', 'sales\u202evsc.exe\u2066\u2069', 'salesvsc.exe'],
  ['marks of the writing direction', '\u200fsales\u200e\u061c.csv', 'sales.csv'],
  ['nothing but dots at its end', 'x/..', 'upload.csv'],
  ['only white space', ' \t ', 'upload.csv'],
  ['10 kB', 'x'.repeat(10_000), 'x'.repeat(255)],
  ['10 kB of characters of two code units', '😀'.repeat(800), '😀'.repeat(255)],
];

test.each(NAMES)('a name with %s is only shown, and made harmless', async (_what, name, shown) => {
  const encoded = encodeURIComponent(name);
  expect((await upload(server.url, SALES, `?filename=${encoded}`)).json).toMatchObject({ filename: shown });
  expect((await upload(server.url, SALES, `/${encoded}`)).json).toMatchObject({ filename: shown });
  const { job } = await gatewayClient(server.url).createJob({ filename: name, sizeBytes: 0n });
  expect(job?.filename).toBe(shown);
  const tus = await fetch(`${server.url}/uploads`, {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': '0',
      'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
    },
  });
  expect(tus.status).toBe(201);
  const id = tus.headers.get('location')?.split('/').at(-1);
  expect((await endedJob(server.url, id ?? '')).filename).toBe(shown);
});

test('a lone surrogate in a name is refused or replaced, in every way that a name can come', async () => {
  const escaped = await upload(server.url, SALES, '?filename=a%ED%A0%80.csv');
  expect(escaped.json.filename).toMatch(/^a\ufffd+\.csv$/);
  const path = await upload(server.url, SALES, '/a%ED%A0%80.csv');
  expect(path.response.status).toBe(400);
  expect(path.json).toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringContaining('percent-encoding') });
  const json = await fetch(`${server.url}/${GatewayService.typeName}/CreateJob`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"filename": "a\\ud800.csv"}',
  });
  expect(json.status).toBe(400);
  expect(await json.json()).toMatchObject({ code: 'invalid_argument' });
});

test('paths that climb reach nothing', async () => {
  for (const path of [
    '/uploads/../../etc/passwd',
    '/uploads/..%2F..%2Fetc%2Fpasswd',
    '/uploads/%2e%2e/%2e%2e/etc/passwd',
    '/uploads/..',
    '/uploads/%00',
    '/uploads/x/y',
    '/jobs/../../etc/passwd',
    '/jobs/..%2f..%2fetc%2fpasswd/totals.csv',
    '/jobs/%00/totals.csv',
    '/jobs/%zz/totals.csv',
    '/jobs//totals.csv',
    '/../../etc/passwd',
    '//etc/passwd',
    '/..%2f..%2fpackage.json',
    '/%',
  ]) {
    for (const method of ['GET', 'HEAD', 'PATCH', 'DELETE']) {
      const sent = request(server.url, {
        path,
        method,
        headers: {
          'tus-resumable': '1.0.0',
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
        },
      });
      sent.end();
      const { status, body } = await answerTo(sent);
      expect(status, `${method} ${path}`).toBeGreaterThanOrEqual(400);
      expect(status, `${method} ${path}`).toBeLessThan(500);
      expect(body).not.toContain('root:');
    }
  }
});

test('random bytes end in words', async () => {
  for (const query of ['', '?filename=a.csv.gz', '?encoding=utf-16le', '?header=true', '?delimiter=;&header=false']) {
    const { response, id, json } = await upload(server.url, noise(3 * MB), query);
    // Some are refused before their last byte has come.
    if (response.status !== 202) {
      expect(response.status).toBe(400);
      if (query.endsWith('.gz')) expect(json.code).toBe('GZIP_INVALID');
      else expect(json.code).not.toBe('INTERNAL');
      continue;
    }
    const job = await endedJob(server.url, id);
    if (job.state === JobState.FAILED) expect(job.error?.code).not.toBe('INTERNAL');
    else expect(job.rowsRejected).toBeGreaterThan(0n);
  }
});

/** The most memory that a process has had since the last call, in MB. */
function peakMemory(pid: number): number {
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return peak;
}

test.each([
  ['plain', ''],
  ['inside quotes', '"'],
])('a line of 300 MB, %s, is one rejected row and takes no memory', async (_what, quote) => {
  const line = async function* (megabytes: number) {
    const part = Buffer.alloc(MB, 'x');
    yield Buffer.from(`Department,Sales\nBooks,1\n${quote}`);
    for (let count = 0; count < megabytes; count++) yield part;
    yield Buffer.from(`${quote},1\nBooks,2\n`);
  };
  const processor = server.processorPid();
  const run = async (megabytes: number) => {
    const { status, body } = await send(`${server.url}/upload`, { method: 'POST' }, line(megabytes));
    expect(status).toBe(202);
    return await endedJob(server.url, JSON.parse(body).id);
  };
  await run(60);
  const memory = () => peakMemory(server.pid) + peakMemory(processor);
  memory();
  const before = memory();
  const job = await run(300);
  expect(job).toMatchObject({ state: JobState.SUCCEEDED, total: '3', rowsRejected: 1n });
  expect(rejectsOf(job)).toEqual([[RejectReason.RECORD_TOO_LONG, 1n]]);
  expect(memory() - before).toBeLessThan(100);
});

test('a file of nothing but quotes ends in one way or the other', async () => {
  for (const length of [1, 2, 3, 4, MB, MB + 1]) {
    const job = await analysed('"'.repeat(length));
    if (job.state === JobState.FAILED) expect(job.error?.code).not.toBe('INTERNAL');
    else expect(job.total).toBe('0');
  }
});

test('a million columns in the header are too many, and in a row are a rejected row', async () => {
  const header = Array.from({ length: 1_000_000 }, (_, index) => `c${index}`).join();
  const filename = 'columns.csv';
  const body = `${header}\n${'1,'.repeat(999_999)}1\n`;
  const { response, json } = await upload(server.url, body, `?filename=${filename}`);
  // A client that is still sending gets the error at once, instead of the job.
  if (response.status !== 202) expect([response.status, json]).toMatchObject([400, { code: 'HEADER_TOO_LONG' }]);
  const job = await endedJob(server.url, await jobNamed(server.url, filename, () => true));
  expect(job).toMatchObject({ state: JobState.FAILED, error: { code: 'HEADER_TOO_LONG' } });
  const row = await analysed(`Department,Sales\nBooks,1\n${'1,'.repeat(999_999)}1\nBooks,2\n`);
  expect(row).toMatchObject({ state: JobState.SUCCEEDED, total: '3', rowsRejected: 1n });
});

test('as many columns as a file may have are read, and one more is told', async () => {
  const table = (columns: number) =>
    `Department,Sales${',c'.repeat(columns - 2)}\nBooks,1${',x'.repeat(columns - 2)}\n`;
  expect(await analysed(table(16_384))).toMatchObject({ state: JobState.SUCCEEDED, total: '1' });
  for (const columns of [16_385, 500_000]) {
    const filename = `${columns}.csv`;
    await upload(server.url, table(columns), `?filename=${filename}`);
    const job = await endedJob(server.url, await jobNamed(server.url, filename, () => true));
    expect(job).toMatchObject({ state: JobState.FAILED, error: { code: 'TOO_MANY_COLUMNS' } });
    expect(job.error?.message).toContain('16384');
  }
});

test('names of 400 kB come whole in all that has totals, and cut where they are only shown', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `${String(index).padStart(3, '0')}${'é'.repeat(200_000)}`);
  const job = await analysed(`Department,Sales\n${names.map((name) => `${name},1\n`).join('')}`);
  expect(job).toMatchObject({ state: JobState.SUCCEEDED, departments: 100, total: '100' });
  expect(job.top).toHaveLength(10);
  for (const { department } of job.top) expect(department).toMatch(/^0\d\dé{196}…$/);
  const client = gatewayClient(server.url);
  const listed: string[] = [];
  let pageToken = '';
  do {
    const page = await client.listTotals({ jobId: job.id, pageSize: 10_000, pageToken });
    expect(page.totals.reduce((sum, { department }) => sum + department.length, 0)).toBeLessThan(3 * MB);
    listed.push(...page.totals.map(({ department }) => department));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  expect(listed).toEqual(names);
  const totals = await (await fetch(`${server.url}/jobs/${job.id}/totals.csv`)).text();
  expect(totals).toBe(`Department,Sales\n${names.map((name) => `${name},1\n`).join('')}`);
  const json = await (await fetch(`${server.url}/jobs/${job.id}/totals.json`)).json();
  expect((json as { department: string }[]).map(({ department }) => department)).toEqual(names);
  expect((await fetch(`${server.url}/jobs/${job.id}/totals.parquet`)).status).toBe(200);
  const processor = createClient(ProcessorService, createGrpcTransport({ baseUrl: server.url }));
  const file = Buffer.from(`Department,Sales\n${names.map((name) => `${name},1\n`).join('')}`);
  async function* chunks() {
    for (let at = 0; at < file.length; at += MB) {
      yield { message: { case: 'chunk' as const, value: file.subarray(at, at + MB) } };
    }
  }
  const streamed: string[] = [];
  for await (const { message } of processor.processCsv(chunks())) {
    if (message.case !== 'totals') continue;
    // gRPC clients take 4 MB a message unless they are told otherwise.
    expect(toBinary(TotalsBatchSchema, message.value).length).toBeLessThan(4 * MB);
    streamed.push(...message.value.totals.map(({ department }) => department));
  }
  expect(streamed).toEqual(names);
});

test('rows that are no UTF-8 are rejected, each with its reason, and no other', async () => {
  const bad = Buffer.concat([
    Buffer.from('Department,Sales\nBooks,1\n'),
    Buffer.from([0xff, 0xfe, 0x2c, 0x31, 0x0a]),
    Buffer.from([0xc3, 0x28, 0x2c, 0x31, 0x0a]),
    Buffer.from([0xed, 0xa0, 0x80, 0x2c, 0x31, 0x0a]),
    Buffer.from('Bücher,2\n'),
  ]);
  const job = await analysed(bad, '?encoding=utf-8');
  expect(job).toMatchObject({ state: JobState.SUCCEEDED, total: '3', departments: 2 });
  expect(rejectsOf(job)).toEqual([[RejectReason.INVALID_ENCODING, 3n]]);
});

test('more departments than are allowed fail the job, and as many as are allowed do not', async () => {
  const rows = (count: number) => Array.from({ length: count }, (_, index) => `d${index},1`).join('\n');
  const job = await analysed(`Department,Sales\n${rows(1001)}\n`);
  expect(job).toMatchObject({ state: JobState.FAILED, error: { code: 'TOO_MANY_DEPARTMENTS' } });
  expect(job.error?.message).toContain('1000');
  expect(await analysed(`Department,Sales\n${rows(1000)}\n`)).toMatchObject({ departments: 1000, total: '1000' });
});

test('a request of 40 MB for one answer is refused by every protocol', async () => {
  const baseUrl = server.url;
  // Node's client resets a stream on its own when an answer comes while more than its 10 MB wait to be sent.
  const nodeOptions = { maxSessionMemory: 256 };
  for (const transport of [
    createConnectTransport({ baseUrl, httpVersion: '1.1' }),
    createConnectTransport({ baseUrl, httpVersion: '2', nodeOptions }),
    createGrpcTransport({ baseUrl, nodeOptions }),
    createGrpcWebTransport({ baseUrl, httpVersion: '2', nodeOptions }),
  ]) {
    const call = createClient(GatewayService, transport).inspectCsv({ sample: new Uint8Array(40 * MB) });
    const error = ConnectError.from(await call.catch((reason) => reason));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.rawMessage).toContain('message size');
  }
});

test('samples of every kind are inspected or refused in words', async () => {
  const samples: [string, Uint8Array][] = [
    ['empty.csv', new Uint8Array(0)],
    ['empty.csv.gz', new Uint8Array(0)],
    ['text.csv.gz', Buffer.from(SALES)],
    ['zeros.csv', new Uint8Array(100_000)],
    ['random.csv', noise(100_000)],
    ['quotes.csv', Buffer.alloc(100_001, '"')],
    ['lines.csv', Buffer.alloc(100_000, '\n')],
    ['commas.csv', Buffer.alloc(100_000, ',')],
    ['half-bom.csv', Buffer.from([0xef, 0xbb])],
    ['utf16.csv', Buffer.from([0xff, 0xfe, 0x41])],
    ['long.csv', Buffer.alloc(5 * MB, 'x')],
  ];
  for (const [filename, sample] of samples) {
    for (const complete of [true, false]) {
      const outcome = await gatewayClient(server.url)
        .inspectCsv({ filename, sample, complete })
        .then(
          ({ dialect }) => (dialect ? 'inspected' : 'no dialect'),
          (error) => ConnectError.from(error).code,
        );
      expect(['inspected', Code.InvalidArgument], `${filename} ${complete}`).toContain(outcome);
    }
  }
});
