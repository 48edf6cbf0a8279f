/** How large requests may be, and the texts in them: a text longer than its meaning needs is refused by name. */
import { type Code, ConnectError, createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
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
    for (const length of [limit + 1, 900_000]) {
      const error = await errorOf(call(client, 'é'.repeat(Math.min(length, 500_000))));
      expect(error.metadata.get(ERROR_CODE_HEADER)).toBe('REQUEST_INVALID');
      expect(error.rawMessage).toMatch(new RegExp(`^${name} is .*at most ${limit} are allowed`));
      expect(error.rawMessage.length).toBeLessThan(MAX_MESSAGE);
    }
    const allowed = await call(client, 'x'.repeat(limit)).catch((error) => ConnectError.from(error).rawMessage);
    expect(String(allowed)).not.toContain('are allowed');
  });

  test('a page token that is none is not repeated, however long it is', async () => {
    const error = await errorOf(gatewayClient(server.url).listJobs({ pageToken: 'x'.repeat(1_000_000) }));
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

describe('a request message', () => {
  test.each(Object.keys(transports('http://localhost')))(
    'has at most 1 MiB by %s, and one with a sample more',
    async (name) => {
      const client = createClient(GatewayService, transports(server.url)[name]!);
      const error = await errorOf(client.listJobs({ pageToken: 'x'.repeat(MEBIBYTE + 1) }));
      const resourceExhausted: Code = 8;
      expect(error.code).toBe(resourceExhausted);
      expect(error.rawMessage).toContain(String(MEBIBYTE));
      const sample = Buffer.from(SALES + 'Books,2024-01-01,1\n'.repeat((2 * MEBIBYTE) / 19));
      expect((await client.inspectCsv({ sample })).rows).toHaveLength(20);
    },
  );
});
