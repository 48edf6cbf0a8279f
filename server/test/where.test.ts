/** Filters on rows, from every way in to the result. */
import { gzipSync } from 'node:zlib';
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ColumnKind, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { endedJob, gatewayClient, transports, upload } from './support/clients.ts';
import { chunk } from './support/process-csv-requests.ts';
import { ServerProcess } from './support/server-process.ts';

const HEADER = 'Region,Date,Product,Revenue\n';
const ROWS = `North,2026-01-15,Chair,10.50
North,2026-02-20,Table,20
South,2026-02-01,Chair,5
"West, far",2026-03-01,Chair,7
`;
const CSV = HEADER + ROWS;

let server: ServerProcess;
let client: ReturnType<typeof gatewayClient>;

beforeAll(async () => {
  server = await ServerProcess.start();
  client = gatewayClient(server.url);
});
afterAll(() => server[Symbol.asyncDispose]());

function query(...filters: string[]): string {
  return `?amountColumn=Revenue&departmentColumn=Region${filters.map((filter) => `&where=${encodeURIComponent(filter)}`).join('')}`;
}

const departments = async (id: string) =>
  (await client.listTotals({ jobId: id })).totals.map(({ department, sum, keys }) => [department, sum, ...keys]);

test.each([
  [
    ['Region in North,South'],
    [
      ['North', '30.50'],
      ['South', '5'],
    ],
    1n,
  ],
  [
    ['Region not in "West, far"', 'Date between 2026-02 and 2026-03'],
    [
      ['North', '20'],
      ['South', '5'],
    ],
    2n,
  ],
  [
    ['Revenue >= 7', 'Product = Chair'],
    [
      ['North', '10.50'],
      ['West, far', '7'],
    ],
    2n,
  ],
])('an upload with where=%j counts what passes', async (filters, totals, filtered) => {
  const { id } = await upload(server.url, CSV, query(...filters));
  const job = await endedJob(server.url, id);
  expect(job).toMatchObject({ state: JobState.SUCCEEDED, rowsFiltered: filtered, rowsRejected: 0n, doubts: [] });
  expect(await departments(id)).toEqual(totals);
  const { job: stored } = await client.getJob({ id });
  expect(stored?.options?.where).toHaveLength(filters.length);
});

test('the next question about the file has other filters, in parts, with groups', async () => {
  // Large enough for several parts.
  const text = HEADER + ROWS.repeat(60_000);
  const { id } = await upload(server.url, gzipSync(text), query('Region = North'));
  expect(await endedJob(server.url, id)).toMatchObject({ rowsFiltered: 120_000n, rowsProcessed: 120_000n });
  const { id: plain } = await upload(server.url, text, query());
  await endedJob(server.url, plain);
  for (const source of [id, plain]) {
    const { job } = await client.createJob({
      source,
      options: {
        groupBy: ['Product', 'Date:month'],
        amountColumn: 'Revenue',
        where: [
          { column: 'Region', test: { case: 'notIn', value: { values: ['South'] } } },
          { column: 'Date', test: { case: 'between', value: { from: '2026-01', to: '2026-02' } } },
        ],
      },
    });
    expect(await endedJob(server.url, job!.id)).toMatchObject({ rowsFiltered: 120_000n, state: JobState.SUCCEEDED });
    expect(await departments(job!.id)).toEqual([
      ['Chair', '630000.00', 'Chair', '2026-01'],
      ['Table', '1200000', 'Table', '2026-02'],
    ]);
  }
});

test('filters that leave out everything give an empty result with a doubt', async () => {
  const { id } = await upload(server.url, CSV, query('Region = north'));
  const job = await endedJob(server.url, id);
  expect(job).toMatchObject({ state: JobState.SUCCEEDED, departments: 0, total: '0', rowsFiltered: 4n });
  expect(job.doubts.map(({ code }) => code)).toEqual(['NO_ROW_PASSES']);
});

for (const name of Object.keys(transports('http://127.0.0.1:1'))) {
  test(`ProcessCsv by ${name} filters, and says how many rows are left out`, async () => {
    const where = [{ column: '0', test: { case: 'in' as const, value: { values: ['North'] } } }];
    const requests = async function* () {
      yield { message: { case: 'options' as const, value: { csv: { amountColumn: '3', where } } } };
      yield chunk(Buffer.from(CSV));
    };
    let rowsFiltered: bigint | undefined;
    for await (const { message } of createClient(
      ProcessorService,
      transports(server.url)[name] as Transport,
    ).processCsv(requests())) {
      if (message.case === 'summary') ({ rowsFiltered } = message.value);
    }
    expect(rowsFiltered).toBe(2n);
  });
}

test('an inspection shows which rows of the sample are left out, and how the columns look', async () => {
  const answer = await client.inspectCsv({
    sample: Buffer.from(CSV),
    complete: true,
    options: { where: [{ column: 'Region', test: { case: 'in', value: { values: ['North'] } } }] },
  });
  expect(answer.rows.map(({ filtered }) => filtered)).toEqual([false, false, true, true]);
  expect(answer.columnFacts).toMatchObject([
    { kind: ColumnKind.TEXT, frequent: ['North', 'South', 'West, far'], distinct: 3 },
    { kind: ColumnKind.DATE },
    { kind: ColumnKind.TEXT },
    { kind: ColumnKind.NUMBER, values: 4, empty: 0 },
  ]);
});

test.each([
  ['Region like N', 'where is "Region like N"'],
  ['None = x', 'where is "None"'],
])('a query with where=%s is refused in words', async (filter, words) => {
  const response = await fetch(`${server.url}/upload${query(filter)}`, { method: 'POST', body: CSV });
  const text = await response.text();
  if (response.status === 400) expect(text).toContain(JSON.stringify(words).slice(1, -1));
  else {
    const { id } = JSON.parse(text) as { id: string };
    expect((await endedJob(server.url, id)).error).toMatchObject({
      code: 'COLUMN_NOT_FOUND',
      message: expect.stringContaining(words),
    });
  }
});

test.each([
  ['a filter without a condition', [{ column: 'Region' }]],
  ['a range without bounds', [{ column: 'Region', test: { case: 'between' as const, value: {} } }]],
  [
    'too many filters',
    Array.from({ length: 17 }, () => ({ column: 'a', test: { case: 'in' as const, value: { values: ['x'] } } })),
  ],
  [
    'a value that is too long',
    [{ column: 'a', test: { case: 'in' as const, value: { values: ['x'.repeat(40_000)] } } }],
  ],
  [
    'a column that is too long',
    [{ column: 'a'.repeat(5_000), test: { case: 'in' as const, value: { values: ['x'] } } }],
  ],
])('%s is refused before a byte is taken', async (_, where) => {
  const call = client.createJob({ filename: 'x.csv', options: { where } });
  const error = await call.then(() => undefined, ConnectError.from);
  expect(error?.code).toBe(Code.InvalidArgument);
});
