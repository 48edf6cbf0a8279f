/** Several amounts and products, from the upload to the downloads. */
import { createClient, type Transport } from '@connectrpc/connect';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { endedJob, gatewayClient, transports, upload } from './support/clients.ts';
import { chunk } from './support/process-csv-requests.ts';
import { ServerProcess } from './support/server-process.ts';

const CSV = `Shop,Quantity,Unit Price,Discount
North,2,10.50,0.1
North,1,0.000001,
South,3,2,
"=East",10,0.99,0.5
`;
const QUERY = '?amounts=Quantity&amounts=Quantity*Unit%20Price&amounts=Discount&filename=sales.csv';

let server: ServerProcess;
let client: ReturnType<typeof gatewayClient>;
let id: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  client = gatewayClient(server.url);
  ({ id } = await upload(server.url, CSV, QUERY));
});
afterAll(() => server[Symbol.asyncDispose]());

test('a job has the sums of all amounts, and says which', async () => {
  const job = await endedJob(server.url, id);
  expect(job).toMatchObject({ state: JobState.SUCCEEDED, total: '16', totals: ['16', '36.900001', '0.6'] });
  expect(job.dialect?.amounts).toMatchObject([{ index: 1 }, { index: 1, factor: 2 }, { index: 3 }]);
  expect(job.top[0]?.figures.map(({ sum }) => sum)).toEqual(['10', '9.90', '0.5']);
});

test('totals have the figures of each, and are sorted by any of them', async () => {
  const { totals } = await client.listTotals({ jobId: id });
  expect(totals.map(({ department, sum }) => [department, sum])).toEqual([
    ['=East', '10'],
    ['North', '3'],
    ['South', '3'],
  ]);
  expect(totals[1]?.figures).toMatchObject([
    { sum: '3', count: 2n, min: '1', max: '2', mean: '1.5' },
    { sum: '21.000001', count: 2n, min: '0.000001', max: '21.000000' },
    { sum: '0.1', count: 1n },
  ]);
  expect(totals[2]?.figures[2]).toMatchObject({ sum: '0', count: 0n, min: '', max: '', mean: '' });
  const order = async (orderBy: string) => {
    const names: string[] = [];
    let pageToken = '';
    do {
      const page = await client.listTotals({ jobId: id, orderBy, pageSize: 1, pageToken });
      names.push(...page.totals.map(({ department }) => department));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    return names;
  };
  expect(await order('sum_2 desc')).toEqual(['North', '=East', 'South']);
  expect(await order('sum_3')).toEqual(['South', 'North', '=East']);
  expect(await order('sum_8 desc')).toEqual(['=East', 'North', 'South']);
});

test('downloads have the columns of each', async () => {
  const get = async (path: string) => await fetch(`${server.url}/jobs/${id}/${path}`);
  expect(await (await get('totals.csv')).text()).toBe(
    "Shop,Quantity,Quantity*Unit Price,Discount\n'=East,10,9.90,0.5\nNorth,3,21.000001,0.1\nSouth,3,6,0\n",
  );
  const [header, , , south] = (await (await get('totals.csv?columns=all')).text()).split('\n');
  expect(header).toContain('Quantity*Unit Price,Quantity*Unit Price Count,Quantity*Unit Price Min');
  expect(south).toBe('South,3,1,3,3,3,6,1,6,6,6,0,0,,,');
  const json = (await (await get('totals.json')).json()) as { figures: object[] }[];
  expect(json[2]?.figures).toMatchObject([{ sum: '3' }, { sum: '6', count: 1 }, { sum: '0', count: 0, min: '' }]);
  const rows = await parquetReadObjects({ file: await (await get('totals.parquet')).arrayBuffer() });
  expect(rows[1]).toMatchObject({
    department: 'North',
    Quantity: 3,
    'Quantity count': 2n,
    'Quantity*Unit Price min': 0.000001,
  });
  expect(rows[1]?.['Quantity*Unit Price']).toBeCloseTo(21.000001, 9);
  expect(rows[1]?.['Discount']).toBeCloseTo(0.1, 9);
  expect(rows[2]).toMatchObject({ 'Discount count': 0n, Discount: 0 });
  expect(rows[2]?.['Discount min'] ?? null).toBeNull();
});

test('columns of Parquet differ in more than case, which DuckDB and Spark do not look at', async () => {
  const csv = 'Shop,SHOP,Quantity,Quantity Count,QUANTITY\nx,y,1,2,3\n';
  const query = '?groupBy=0&groupBy=1&amounts=2&amounts=3&amounts=4&filename=case.csv';
  const { id: other } = await upload(server.url, csv, query);
  await endedJob(server.url, other);
  const response = await fetch(`${server.url}/jobs/${other}/totals.parquet`);
  const [row] = await parquetReadObjects({ file: await response.arrayBuffer() });
  const names = Object.keys(row ?? {});
  expect(names).toHaveLength(2 + 3 * 5);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  expect(row).toMatchObject({ Shop: 'x', 'SHOP 2': 'y', Quantity: 1, 'Quantity Count 2': 2, 'QUANTITY 2': 3 });
});

test('another question about the same file has other amounts and groups, in parts', async () => {
  const body = CSV.slice(CSV.indexOf('\n') + 1);
  const large = await upload(server.url, CSV + body.repeat(99_999), QUERY);
  expect(await endedJob(server.url, large.id)).toMatchObject({ totals: ['1600000', '3690000.100000', '60000.0'] });
  const { job } = await client.createJob({
    source: large.id,
    options: { amounts: ['Discount*Quantity', 'Unit Price'], groupBy: ['Shop'] },
  });
  expect(await endedJob(server.url, job!.id)).toMatchObject({
    state: JobState.SUCCEEDED,
    totals: ['520000.0', '1349000.100000'],
  });
});

for (const name of Object.keys(transports('http://127.0.0.1:1'))) {
  test(`ProcessCsv by ${name} has the figures`, async () => {
    const requests = async function* () {
      yield { message: { case: 'options' as const, value: { csv: { amounts: ['1', '1*2'] } } } };
      yield chunk(Buffer.from(CSV));
    };
    const sums: string[][] = [];
    for await (const { message } of createClient(
      ProcessorService,
      transports(server.url)[name] as Transport,
    ).processCsv(requests())) {
      if (message.case === 'totals') {
        sums.push(...message.value.totals.map(({ figures }) => figures.map(({ sum }) => sum)));
      }
    }
    expect(sums).toEqual([
      ['10', '9.90'],
      ['3', '21.000001'],
      ['3', '6'],
    ]);
  });
}
