/** How large requests may be, and the texts in them: a text longer than its meaning needs is refused by name. */
import { gzipSync } from 'node:zlib';
import { type Code, ConnectError, createClient } from '@connectrpc/connect';
import { compressionGzip } from '@connectrpc/connect-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GatewayService, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ERROR_CODE_HEADER } from '../src/errors.ts';
import { gatewayClient, transports, upload } from './support/clients.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server[Symbol.asyncDispose]());

const MEBIBYTE = 1024 * 1024;
/** More of what was sent stands in no message. */
const MAX_MESSAGE = 300;

async function errorOf(call: Promise<unknown>): Promise<ConnectError> {
  return await call.then(
    () => expect.fail('the call succeeded'),
    (error) => ConnectError.from(error),
  );
}

type Gateway = ReturnType<typeof gatewayClient>;
const watch = async (client: Gateway, ids: string[]) => {
  for await (const _ of client.watchJobs({ ids })) return;
};
const page = (client: Gateway, part: Record<string, string>) => client.listTotals({ jobId: 'x', ...part });

/** Each with the most that its meaning needs, and the name that the error tells. */
const TEXTS: [string, number, (client: Gateway, text: string) => Promise<unknown>][] = [
  ['id', 100, (client, id) => client.getJob({ id })],
  ['id', 100, (client, id) => client.cancelJob({ id })],
  ['id', 100, (client, id) => client.retryJob({ id })],
  ['id', 100, (client, id) => client.deleteJob({ id })],
  ['ids', 100, (client, id) => watch(client, [id])],
  ['job_id', 100, (client, jobId) => client.listTotals({ jobId })],
  ['job_id', 100, (client, jobId) => client.listRejects({ jobId })],
  ['order_by', 100, (client, orderBy) => page(client, { orderBy })],
  ['search', 1_000, (client, search) => page(client, { search })],
  ['filename', 16_384, (client, filename) => client.createJob({ filename })],
  ['filename', 16_384, (client, filename) => client.inspectCsv({ filename })],
];

describe('texts of requests', () => {
  test.each(TEXTS)('%s has at most %i characters', async (name, limit, call) => {
    const client = gatewayClient(server.url);
    for (const length of [limit + 1, limit + 1_500]) {
      const error = await errorOf(call(client, 'é'.repeat(length)));
      expect(error.metadata.get(ERROR_CODE_HEADER)).toBe('REQUEST_INVALID');
      expect(error.rawMessage).toMatch(new RegExp(`^${name} is .*at most ${limit} are allowed`));
      expect(error.rawMessage.length).toBeLessThan(MAX_MESSAGE);
    }
    const allowed = await call(client, 'x'.repeat(limit)).catch((error) => ConnectError.from(error).rawMessage);
    expect(String(allowed)).not.toContain('are allowed');
  });

  test('a page token that is none is not repeated, however long it is', async () => {
    const error = await errorOf(gatewayClient(server.url).listJobs({ pageToken: 'x'.repeat(50_000) }));
    expect(error.metadata.get(ERROR_CODE_HEADER)).toBe('PAGE_TOKEN_INVALID');
    expect(error.rawMessage.length).toBeLessThan(MAX_MESSAGE);
  });

  test('a list has at most a thousand values', async () => {
    const client = gatewayClient(server.url);
    const calls: [string, () => Promise<unknown>][] = [
      ['ids', () => watch(client, Array(1001).fill('x'))],
      ['states', () => client.listJobs({ states: Array(1001).fill(1) })],
    ];
    for (const [name, call] of calls) {
      const error = await errorOf(call());
      expect(error.metadata.get(ERROR_CODE_HEADER)).toBe('REQUEST_INVALID');
      expect(error.rawMessage).toMatch(new RegExp(`^${name} has 1001 values: at most 1000`));
    }
  });
});

const OPTIONS: [string, number][] = [
  ...['delimiter', 'quote', 'header', 'decimalSeparator', 'groupSeparator', 'negativeAmounts'].map(
    (name): [string, number] => [name, 20],
  ),
  ['encoding', 100],
  ['departmentColumn', 4_000],
  ['amountColumn', 4_000],
];

test.each(OPTIONS)('the option %s has at most %i characters, wherever it comes from', async (name, limit) => {
  const client = gatewayClient(server.url);
  const options = { [name]: 'x'.repeat(limit + 1) };
  const words = new RegExp(`^${name} is .*at most ${limit} are allowed`);
  const calls = [
    () => client.createJob({ options }),
    () => client.retryJob({ id: 'x', options }),
    () => client.inspectCsv({ sample: Buffer.from(SALES), options }),
  ];
  for (const call of calls) {
    const error = await errorOf(call());
    expect(error.metadata.get(ERROR_CODE_HEADER)).toBe('OPTION_INVALID');
    expect(error.rawMessage).toMatch(words);
    expect(error.rawMessage.length).toBeLessThan(MAX_MESSAGE);
  }
  const { response, json } = await upload(server.url, SALES, `?${new URLSearchParams(options)}`);
  expect(response.status).toBe(400);
  expect(json).toMatchObject({ code: 'OPTION_INVALID', message: expect.stringMatching(words) });
  const tus = await fetch(`${server.url}/uploads`, {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': '5',
      'upload-metadata': `${name} ${Buffer.from(String(options[name])).toString('base64')}`,
    },
  });
  expect(tus.status).toBe(400);
  expect(await tus.text()).toMatch(words);
});

test('a long text of a query is not repeated at length', async () => {
  const long = 'x'.repeat(5_000);
  for (const query of [`${long}=1`, `trim=${long}`, `topN=${long}`, `skipLines=${long}`]) {
    const { response, json } = await upload(server.url, SALES, `?${query}`);
    expect(response.status).toBe(400);
    expect(json).toMatchObject({ code: 'OPTION_INVALID' });
    expect(String(json.message).length).toBeLessThan(2 * MAX_MESSAGE);
  }
  const { json } = await upload(server.url, SALES, '', { headers: { 'content-encoding': long } });
  expect(String(json.message).length).toBeLessThan(MAX_MESSAGE);
  const download = await fetch(`${server.url}/jobs/${long}/totals.csv`);
  expect(download.status).toBe(404);
  expect((await download.text()).length).toBeLessThan(MAX_MESSAGE);
});

/** The largest request of each method, with one that has a byte more than that for its text alone. */
const SIZES: [string, number, (client: Gateway, text: string) => Promise<unknown>][] = [
  ['getJob', 4_096, (client, id) => client.getJob({ id })],
  ['cancelJob', 4_096, (client, id) => client.cancelJob({ id })],
  ['deleteJob', 4_096, (client, id) => client.deleteJob({ id })],
  ['retryJob', 65_536, (client, id) => client.retryJob({ id })],
  ['listJobs', 65_536, (client, pageToken) => client.listJobs({ pageToken })],
  ['listRejects', 65_536, (client, pageToken) => client.listRejects({ jobId: 'x', pageToken })],
  ['watchJobs', 131_072, (client, id) => watch(client, [id])],
  ['createJob', 262_144, (client, filename) => client.createJob({ filename })],
  ['listTotals', MEBIBYTE, (client, pageToken) => client.listTotals({ jobId: 'x', pageToken })],
];
const TRANSPORTS = Object.keys(transports('http://localhost'));
const SENT = TRANSPORTS.flatMap((name) => [
  [name, 'plain'],
  [name, 'gzip'],
]) as [string, 'plain' | 'gzip'][];

const clientBy = (name: string, sent: 'plain' | 'gzip') =>
  createClient(
    GatewayService,
    transports(server.url, sent === 'gzip' ? { sendCompression: compressionGzip } : {})[name]!,
  );

describe.each(SENT)('a request message by %s, sent %s', (name, sent) => {
  test.each(SIZES)('of %s has at most %i bytes', async (_method, limit, call) => {
    const error = await errorOf(call(clientBy(name, sent), 'x'.repeat(limit + 1)));
    const resourceExhausted: Code = 8;
    expect(error.code).toBe(resourceExhausted);
    expect(error.rawMessage).toContain(String(limit));
  });

  test('may have more where it has a sample', async () => {
    const sample = Buffer.from(SALES + 'Books,2024-01-01,1\n'.repeat((2 * MEBIBYTE) / 19));
    expect((await clientBy(name, sent).inspectCsv({ sample })).rows).toHaveLength(20);
  });

  test('is not decoded if it has too many values', async () => {
    const error = await errorOf(watch(clientBy(name, sent), Array(40_000).fill('')));
    expect(error.metadata.get(ERROR_CODE_HEADER)).toBe('REQUEST_INVALID');
    expect(error.rawMessage).toMatch(/too many values: at most 4000/);
  });
});

const MANY_FIELDS = Buffer.alloc(20_000, Buffer.from([0x78, 1]));
const MANY_VALUES = Buffer.from(`{"unknown":[${'[],'.repeat(6_000)}[]]}`);
const RPC = '/tallystream.v1.GatewayService';

/** Requests that Connect's clients do not make: fields that nobody knows, and messages in URLs. */
const RAW: [string, string, string, Buffer, Record<string, string>][] = [
  ['unknown binary fields', 'POST', '/ListTotals', MANY_FIELDS, { 'content-type': 'application/proto' }],
  ['unknown JSON fields', 'POST', '/ListTotals', MANY_VALUES, { 'content-type': 'application/json' }],
  ...(['proto', 'json'] as const).flatMap((encoding): [string, string, string, Buffer, Record<string, string>][] => {
    const message = encoding === 'json' ? MANY_VALUES : MANY_FIELDS;
    const query = (bytes: Buffer) => `encoding=${encoding}&base64=1&message=${bytes.toString('base64url')}`;
    return [
      [`GET with ${encoding}`, 'GET', `/ListTotals?${query(message.subarray(0, 10_000))}`, Buffer.alloc(0), {}],
      [
        `GET with gzip and ${encoding}`,
        'GET',
        `/ListTotals?compression=gzip&${query(gzipSync(message))}`,
        Buffer.alloc(0),
        {},
      ],
    ];
  }),
];

test.each(RAW)('%s are counted', async (_name, method, path, body, headers) => {
  const response = await fetch(`${server.url}${RPC}${path}`, {
    method,
    headers,
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  expect(response.status).toBe(400);
  expect(response.headers.get(ERROR_CODE_HEADER)).toBe('REQUEST_INVALID');
  expect(await response.text()).toMatch(/too many values/);
});

test('a question by GET is answered, compressed or not', async () => {
  const message = Buffer.from('{"states":["JOB_STATE_SUCCEEDED"]}');
  for (const query of [
    `message=${encodeURIComponent(String(message))}`,
    `base64=1&message=${message.toString('base64url')}`,
    `compression=gzip&base64=1&message=${gzipSync(message).toString('base64url')}`,
  ]) {
    const response = await fetch(`${server.url}${RPC}/ListJobs?encoding=json&connect=v1&${query}`);
    expect(await response.json()).toEqual({ jobs: [], nextPageToken: '' });
  }
});

test('a bomb in gzip ends at the limit of its method', async () => {
  const body = gzipSync(Buffer.alloc(64 * MEBIBYTE, ' '));
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const response = await fetch(`${server.url}${RPC}/GetJob`, { method: 'POST', headers, body });
  expect(response.status).toBe(429);
  expect(await response.text()).toContain('4096');
});

describe('a value of a filter that does not exist is refused', () => {
  const FILTERS: [string, string, string, RegExp][] = [
    ['ListJobs', '{"states":["JOB_STATE_FAILED","JOB_STATE_LOST"]}', 'JOB_STATE_LOST', /use .*JOB_STATE_SUCCEEDED/],
    ['ListJobs', '{"states":[99]}', '99', /use .*JOB_STATE_SUCCEEDED/],
    ['ListRejects', '{"jobId":"x","reasons":["TOO_BLUE"]}', 'TOO_BLUE', /use .*REJECT_REASON_EMPTY_AMOUNT/],
    ['ListRejects', '{"job_id":"x","reasons":[77]}', '77', /use .*REJECT_REASON_EMPTY_AMOUNT/],
  ];
  test.each(FILTERS)('%s %s', async (method, body, value, words) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${server.url}${RPC}/${method}`, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(response.headers.get(ERROR_CODE_HEADER)).toBe('REQUEST_INVALID');
    const { message } = (await response.json()) as { message: string };
    expect(message).toContain(value);
    expect(message).toMatch(words);
  });

  test('in binary, too', async () => {
    const client = createClient(GatewayService, transports(server.url)['gRPC']!);
    const error = await errorOf(client.listJobs({ states: [JobState.FAILED, 99 as JobState] }));
    expect(error.rawMessage).toMatch(/^states has the value 99, .*JOB_STATE_FAILED/);
  });

  test('a field that is not known is still ignored', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = '{"states":["JOB_STATE_FAILED"],"newerThanThisServer":true}';
    const response = await fetch(`${server.url}${RPC}/ListJobs`, { method: 'POST', headers, body });
    expect(response.status).toBe(200);
  });
});
