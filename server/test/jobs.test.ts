/** Jobs and results by RPC. */
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { endedJob, gatewayClient, jobNamed, upload } from './support/clients.ts';
import { generateSales, SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { plainDecimal } from './support/totals.ts';

let server: ServerProcess;
let client: ReturnType<typeof gatewayClient>;

beforeAll(async () => {
  server = await ServerProcess.start({ KEEP_UPLOADS: '1GiB' });
  client = gatewayClient(server.url);
});
afterAll(() => server[Symbol.asyncDispose]());

async function finished(csv: string | Buffer, query = ''): Promise<Job> {
  const { id } = await upload(server.url, csv, query);
  return await endedJob(server.url, id);
}

async function codeOf(call: Promise<unknown>): Promise<Code | undefined> {
  return await call.then(
    () => undefined,
    (error) => ConnectError.from(error).code,
  );
}

test('totals come sorted by any column, in pages, and can be searched', async () => {
  const sales = generateSales(20_000, 5, 40);
  const { id } = await finished(sales.csv);
  const all = new Map(sales.truth.departments.map((total) => [total.department, total]));
  for (const orderBy of ['department', 'department desc', 'sum desc', 'sum', 'count desc', 'min', 'max desc', 'mean']) {
    const seen: string[] = [];
    const keys: number[] = [];
    let pageToken = '';
    do {
      const page = await client.listTotals({ jobId: id, pageSize: 7, pageToken, orderBy });
      expect(page.totalSize).toBe(all.size);
      for (const total of page.totals) {
        seen.push(total.department);
        keys.push(Number(total[orderBy.split(' ')[0] as 'sum']));
        expect(plainDecimal(total.sum)).toBe(plainDecimal(all.get(total.department)?.sum ?? ''));
        expect(Number(total.count)).toBe(all.get(total.department)?.count);
      }
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(new Set(seen)).toEqual(new Set(all.keys()));
    expect(seen).toHaveLength(all.size);
    if (orderBy === 'department') expect(seen).toEqual([...all.keys()]);
    else if (orderBy === 'department desc') expect(seen).toEqual([...all.keys()].reverse());
    else expect(keys).toEqual(keys.toSorted((a, b) => (orderBy.endsWith('desc') ? b - a : a - b)));
  }
});

test('a search finds a part of a name, in upper or lower case of any script', async () => {
  const { id } = await finished('Department,Sales\nBücher & Musik,1\nBÜCHERei,2\nSports,4\n100%_x,8\n');
  const search = async (text: string) =>
    (await client.listTotals({ jobId: id, search: text })).totals.map(({ department }) => department);
  expect(await search('büch')).toEqual(['BÜCHERei', 'Bücher & Musik']);
  expect(await search('%_')).toEqual(['100%_x']);
  expect(await search('nothing')).toEqual([]);
});

test('rejected rows are listed with line, offset, reason and text', async () => {
  const csv =
    'Department,Date,Sales\nBooks,d,1\nBooks,d\n,d,1\nBooks,d,\nBooks,d,x\nBooks,d,-1\n"a"b,d,1\nToys,d,1.1234567\n';
  const job = await finished(csv, '?negativeAmounts=reject');
  expect(job).toMatchObject({ rowsProcessed: 1n, rowsRejected: 7n });
  const first = await client.listRejects({ jobId: job.id, pageSize: 4 });
  const second = await client.listRejects({ jobId: job.id, pageSize: 4, pageToken: first.nextPageToken });
  const rejects = [...first.rejects, ...second.rejects];
  expect(second.nextPageToken).toBe('');
  expect(first.totalSize).toBe(7n);
  expect(rejects.map(({ line, reason, raw }) => [Number(line), reason, raw])).toEqual([
    [3, RejectReason.COLUMN_COUNT, 'Books,d'],
    [4, RejectReason.EMPTY_DEPARTMENT, ',d,1'],
    [5, RejectReason.EMPTY_AMOUNT, 'Books,d,'],
    [6, RejectReason.AMOUNT_NOT_A_NUMBER, 'Books,d,x'],
    [7, RejectReason.NEGATIVE_AMOUNT, 'Books,d,-1'],
    [8, RejectReason.MALFORMED_QUOTE, '"a"b,d,1'],
    [9, RejectReason.AMOUNT_OUT_OF_RANGE, 'Toys,d,1.1234567'],
  ]);
  for (const { byteOffset, raw } of rejects) {
    expect(csv.slice(Number(byteOffset), Number(byteOffset) + raw.length)).toBe(raw);
  }
});

test('cancel stops an upload in the middle, for good, and may be said twice', async () => {
  const endless = async function* () {
    yield Buffer.from(SALES);
    await new Promise(() => {});
  };
  const answer = upload(server.url, endless(), '?filename=endless.csv').catch(() => undefined);
  const id = await jobNamed(server.url, 'endless.csv', ({ receivedBytes }) => receivedBytes > 0n);
  expect((await client.cancelJob({ id })).job?.state).toBe(JobState.CANCELED);
  expect((await client.cancelJob({ id })).job?.state).toBe(JobState.CANCELED);
  expect((await answer)?.response.status).toBe(409);
  expect(await codeOf(client.retryJob({ id }))).toBe(Code.FailedPrecondition);
  await client.deleteJob({ id });
});

test('retry of a failed job reads its file again with other options', async () => {
  const failed = await finished(SALES, '?departmentColumn=Region');
  expect(failed.state).toBe(JobState.FAILED);
  const { job } = await client.retryJob({ id: failed.id, options: { departmentColumn: 'Date' } });
  expect(job?.error).toBeUndefined();
  expect(await endedJob(server.url, failed.id)).toMatchObject({
    state: JobState.SUCCEEDED,
    departments: 2,
    total: '23',
  });
  expect(await codeOf(client.retryJob({ id: failed.id }))).toBe(Code.FailedPrecondition);
});

test('retry and delete at the same moment leave no job behind that nobody works on', async () => {
  for (let round = 0; round < 6; round++) {
    const { id } = await finished(SALES, '?departmentColumn=Region');
    await Promise.allSettled([client.retryJob({ id, options: {} }), client.deleteJob({ id })]);
    expect(await codeOf(client.getJob({ id }))).toBe(Code.NotFound);
  }
});

test('delete removes the job everywhere, tells who watches, and may be said twice', async () => {
  const { id } = await finished(SALES);
  const gone = (async () => {
    for await (const { event } of client.watchJobs({ ids: [id] })) if (event.case === 'deletedId') return event.value;
  })();
  await client.deleteJob({ id });
  await client.deleteJob({ id });
  expect(await gone).toBe(id);
  for (const call of [client.getJob({ id }), client.cancelJob({ id }), client.listTotals({ jobId: id })]) {
    expect(await codeOf(call)).toBe(Code.NotFound);
  }
  expect((await fetch(`${server.url}/jobs/${id}/totals.csv`)).status).toBe(404);
});

test('jobs are listed newest first, in pages, by state', async () => {
  const made: string[] = [];
  for (let count = 0; count < 5; count++) {
    const { job } = await client.createJob({ filename: `list-${count}.csv`, sizeBytes: 10n });
    made.unshift(job?.id ?? '');
  }
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await client.listJobs({ pageSize: 2, pageToken, states: [JobState.UPLOADING] });
    expect(page.jobs.length).toBeLessThanOrEqual(2);
    seen.push(...page.jobs.map(({ id }) => id));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  expect(seen).toEqual(made);
  for (const id of made) await client.deleteJob({ id });
  expect(await codeOf(client.listJobs({ pageToken: 'nonsense' }))).toBe(Code.InvalidArgument);
});

test('rejected rows are listed by reason, in file order, on pages that go on with their own list only', async () => {
  const bad = Array.from({ length: 30 }, (_, index) => (index % 10 === 4 ? 'Books,d\n' : 'Books,d,x\n'));
  const { id: jobId } = await finished(`Department,Date,Sales\nBooks,d,1\n${bad.join('')}Toys,d,\n`);
  const reasons = [RejectReason.COLUMN_COUNT, RejectReason.EMPTY_AMOUNT];
  const lines = (page: { rejects: { line: bigint }[] }) => page.rejects.map(({ line }) => Number(line));
  const first = await client.listRejects({ jobId, reasons, pageSize: 3 });
  expect([lines(first), first.totalSize]).toEqual([[7, 17, 27], 4n]);
  const last = await client.listRejects({ jobId, reasons, pageSize: 3, pageToken: first.nextPageToken });
  expect([lines(last), last.totalSize, last.nextPageToken]).toEqual([[33], 4n, '']);
  expect((await client.listRejects({ jobId })).totalSize).toBe(31n);
  const none = await client.listRejects({ jobId, reasons: [RejectReason.MALFORMED_QUOTE] });
  expect([none.rejects, none.totalSize]).toEqual([[], 0n]);
  for (const others of [[], [RejectReason.COLUMN_COUNT]]) {
    const mixed = client.listRejects({ jobId, reasons: others, pageToken: first.nextPageToken });
    await expect(mixed).rejects.toMatchObject({ code: Code.InvalidArgument });
  }
  expect(first.rejects.map((reject) => reject.lines)).toEqual([1n, 1n, 1n]);
});

test('a watcher of all jobs sees the state at once, then a job that is made, its progress and its end', async () => {
  const states = new Set<JobState>();
  let hasSnapshot = false;
  const stop = new AbortController();
  const watching = (async () => {
    for await (const { event } of client.watchJobs({}, { signal: stop.signal })) {
      if (event.case === 'snapshot') {
        hasSnapshot = true;
        void upload(server.url, generateSales(50_000).csv, '?filename=watched.csv');
      } else if (event.case === 'job' && event.value.filename === 'watched.csv') {
        states.add(event.value.state);
        if (event.value.state === JobState.SUCCEEDED) break;
      }
    }
  })();
  await watching;
  stop.abort();
  expect(hasSnapshot).toBe(true);
  expect(states).toContain(JobState.UPLOADING);
});

test('InspectCsv says how a file is written, and which of its rows would be rejected', async () => {
  const sample = Buffer.from('Region;Verkäufer;Umsatz\nNord;a;1,50\nSüd;b;x\nWest;c;3,25\n');
  const { dialect, rows } = await client.inspectCsv({ sample, filename: 'de.csv', complete: true });
  expect(dialect).toMatchObject({
    delimiter: ';',
    hasHeader: true,
    decimalSeparator: ',',
    departmentIndex: 0,
    amountIndex: 2,
  });
  expect(dialect?.columns.map(({ name }) => name)).toEqual(['Region', 'Verkäufer', 'Umsatz']);
  expect(rows.map(({ rejectReason }) => rejectReason)).toEqual([0, RejectReason.AMOUNT_NOT_A_NUMBER, 0]);
  expect(await codeOf(client.inspectCsv({ sample, options: { delimiter: 'abc' } }))).toBe(Code.InvalidArgument);
});

test('InspectCsv reads the start of a gzip file', async () => {
  const { gzipSync } = await import('node:zlib');
  const zipped = gzipSync(generateSales(100_000).csv);
  const { dialect, rows } = await client.inspectCsv({ sample: zipped.subarray(0, 65_536), filename: 'sales.csv.gz' });
  expect(dialect?.columns.map(({ name }) => name)).toEqual(['Department Name', 'Date', 'Number of Sales']);
  expect(rows).toHaveLength(20);
  const noGzip = client.inspectCsv({ sample: Buffer.from(SALES), filename: 'sales.csv.gz' });
  expect(await codeOf(noGzip)).toBe(Code.InvalidArgument);
  const damaged = client.inspectCsv({ sample: zipped.fill(0xff, 10, 1000), filename: 'sales.csv.gz' });
  expect(await codeOf(damaged)).toBe(Code.InvalidArgument);
});

test('calls about jobs that do not exist, or with arguments that make no sense, say so', async () => {
  const calls = [client.getJob({ id: 'x' }), client.cancelJob({ id: 'x' }), client.retryJob({ id: 'x' })];
  expect(await Promise.all(calls.map(codeOf))).toEqual([Code.NotFound, Code.NotFound, Code.NotFound]);
  const { id } = await finished(SALES);
  const page = await client.listTotals({ jobId: id, orderBy: 'sum', pageSize: 1 });
  const other = client.listTotals({ jobId: id, orderBy: 'count', pageToken: page.nextPageToken });
  expect(await codeOf(other)).toBe(Code.InvalidArgument);
  expect(await codeOf(client.listTotals({ jobId: id, orderBy: 'sum; DROP TABLE jobs' }))).toBe(Code.InvalidArgument);
  expect(await codeOf(client.createJob({ options: { quote: 'long' } }))).toBe(Code.InvalidArgument);
  expect(await codeOf(client.createJob({ sizeBytes: 2n ** 50n }))).toBe(Code.ResourceExhausted);
});
