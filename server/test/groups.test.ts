/** Groups of several columns and by periods of dates, from the upload to the downloads. */
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService, RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { endedJob, gatewayClient, transports, upload } from './support/clients.ts';
import { chunk } from './support/process-csv-requests.ts';
import { ServerProcess } from './support/server-process.ts';

const CSV = `Region,Date,Product,Revenue
North,2026-01-15,Chair,10.50
North,2026-01-20,Table,20
South,2026-02-01,Chair,5
North,2026-02-28,Chair,7.25
South,not a date,Chair,1
"=West, far",2025-12-31,Chair,3
`;
const QUERY = '?groupBy=Region&groupBy=Date:month&amountColumn=Revenue&filename=sales.csv';

let server: ServerProcess;
let client: ReturnType<typeof gatewayClient>;
let id: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  client = gatewayClient(server.url);
  ({ id } = await upload(server.url, CSV, QUERY));
});
afterAll(() => server[Symbol.asyncDispose]());

test('a job has its groups, and says by what', async () => {
  const job = await endedJob(server.url, id);
  expect(job).toMatchObject({ state: JobState.SUCCEEDED, departments: 4, rowsRejected: 1n, total: '45.75' });
  expect(job.dialect?.groupBy).toMatchObject([
    { index: 0, period: '' },
    { index: 1, period: 'month' },
  ]);
  expect(job.top[0]).toMatchObject({ department: 'North', keys: ['North', '2026-01'], sum: '30.50' });
  expect((await client.listRejects({ jobId: id })).rejects).toMatchObject([{ reason: RejectReason.DATE_NOT_READABLE }]);
});

test('totals come in the order of the columns, in pages, by sum, and found by any value', async () => {
  const seen: string[][] = [];
  let pageToken = '';
  do {
    const page = await client.listTotals({ jobId: id, pageSize: 1, pageToken });
    expect(page.totalSize).toBe(4);
    seen.push(...page.totals.map(({ keys }) => keys));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  const right = [
    ['=West, far', '2025-12'],
    ['North', '2026-01'],
    ['North', '2026-02'],
    ['South', '2026-02'],
  ];
  expect(seen).toEqual(right);
  const keysOf = async (query: object) =>
    (await client.listTotals({ jobId: id, ...query })).totals.map(({ keys }) => keys);
  expect(await keysOf({ orderBy: 'department desc' })).toEqual(right.toReversed());
  expect((await keysOf({ orderBy: 'sum desc' }))[0]).toEqual(['North', '2026-01']);
  expect(await keysOf({ search: '2026-02' })).toEqual(right.slice(2));
  expect(await keysOf({ search: 'north' })).toEqual(right.slice(1, 3));
  expect(await keysOf({ keys: [{ index: 0, values: ['North'] }] })).toEqual(right.slice(1, 3));
  expect(await keysOf({ keys: [{ index: 1, values: ['2026-02', '2025-12'] }], orderBy: 'department desc' })).toEqual([
    right[3],
    right[2],
    right[0],
  ]);
  const both = { index: 1, values: ['2026-02'] };
  expect(await keysOf({ keys: [{ index: 0, values: ['North', 'East'] }, both] })).toEqual([right[2]]);
  expect(await keysOf({ keys: [{ index: 2, values: ['North'] }] })).toEqual([]);
  const page = await client.listTotals({ jobId: id, keys: [both], pageSize: 1, orderBy: 'sum' });
  expect(page).toMatchObject({ totalSize: 2, totals: [{ keys: ['South', '2026-02'] }] });
  const next = await client.listTotals({ jobId: id, keys: [both], orderBy: 'sum', pageToken: page.nextPageToken });
  expect(next).toMatchObject({ totalSize: 2, nextPageToken: '', totals: [{ keys: ['North', '2026-02'] }] });
  const other = client.listTotals({ jobId: id, orderBy: 'sum', pageToken: page.nextPageToken });
  expect(await other.catch(ConnectError.from)).toMatchObject({ code: Code.InvalidArgument });
  const many = Array.from({ length: 1_001 }, (_, index) => `${index}`);
  const greedy = client.listTotals({
    jobId: id,
    keys: [
      { index: 0, values: many.slice(1) },
      { index: 1, values: many.slice(1) },
    ],
  });
  expect(await greedy.catch(ConnectError.from)).toMatchObject({ code: Code.InvalidArgument });
});

test('downloads have a column for each', async () => {
  const get = async (path: string) => await fetch(`${server.url}/jobs/${id}/${path}`);
  expect(await (await get('totals.csv')).text()).toBe(
    'Region,Date (month),Revenue\n"\'=West, far",2025-12,3\nNorth,2026-01,30.50\nNorth,2026-02,7.25\nSouth,2026-02,5\n',
  );
  const json = (await (await get('totals.json')).json()) as { keys: string[] }[];
  expect(json[0]).toMatchObject({ department: '=West, far', keys: ['=West, far', '2025-12'], sum: '3' });
  const file = await (await get('totals.parquet')).arrayBuffer();
  const rows = await parquetReadObjects({ file });
  expect(rows[1]).toMatchObject({ Region: 'North', 'Date (month)': '2026-01', sum: 30.5, count: 2n });
});

test('another question about the same file groups otherwise', async () => {
  const { job } = await client.createJob({
    source: id,
    options: { groupBy: ['Date:quarter'], amountColumn: 'Revenue' },
  });
  expect(await endedJob(server.url, job!.id)).toMatchObject({ departments: 2 });
  const { totals } = await client.listTotals({ jobId: job!.id });
  expect(totals).toMatchObject([
    { department: '2025-Q4', keys: [] },
    { department: '2026-Q1', keys: [] },
  ]);
  const one = await client.listTotals({ jobId: job!.id, keys: [{ index: 0, values: ['2026-Q1', 'x'] }] });
  expect(one).toMatchObject({ totalSize: 1, totals: [{ department: '2026-Q1' }] });
});

for (const name of Object.keys(transports('http://127.0.0.1:1'))) {
  test(`ProcessCsv by ${name} has the keys`, async () => {
    const options = { csv: { groupBy: ['Product', 'Date:year'], amountColumn: '3' } };
    const requests = async function* () {
      yield { message: { case: 'options' as const, value: options } };
      yield chunk(Buffer.from(CSV));
    };
    const keys: string[][] = [];
    for await (const { message } of createClient(
      ProcessorService,
      transports(server.url)[name] as Transport,
    ).processCsv(requests())) {
      if (message.case === 'totals') keys.push(...message.value.totals.map((total) => total.keys));
    }
    expect(keys).toEqual([
      ['Chair', '2025'],
      ['Chair', '2026'],
      ['Table', '2026'],
    ]);
  });
}

test('wrong groups are refused before a byte is taken, or in words', async () => {
  const call = client.createJob({ filename: 'x.csv', options: { groupBy: ['a', 'b', 'c', 'd', 'e'] } });
  expect(await call.catch(ConnectError.from)).toMatchObject({ code: Code.InvalidArgument });
  const none = await upload(server.url, CSV, '?groupBy=None');
  expect(await endedJob(server.url, none.id)).toMatchObject({
    state: JobState.FAILED,
    error: { code: 'COLUMN_NOT_FOUND' },
  });
});

test('hundreds of thousands of groups of two columns are stored and paged', { timeout: 120_000 }, async () => {
  const rows = Array.from({ length: 300_000 }, (_, row) => `region ${row % 1000},p${row},1`);
  const large = await upload(server.url, `Region,Product,Sales\n${rows.join('\n')}`, '?groupBy=Region&groupBy=Product');
  expect(await endedJob(server.url, large.id)).toMatchObject({ departments: 300_000, state: JobState.SUCCEEDED });
  const page = await client.listTotals({ jobId: large.id, orderBy: 'department desc', pageSize: 1 });
  expect(page).toMatchObject({ totalSize: 300_000, totals: [{ keys: ['region 999', 'p99999'] }] });
});
