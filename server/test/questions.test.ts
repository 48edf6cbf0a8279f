/** The next question about a file without a second upload: of another job, and of a folder of SOURCES. */
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient, upload } from './support/clients.ts';
import { metric } from './support/metrics.ts';
import { generateSales, SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

let folder: string;
let server: ServerProcess;
let client: ReturnType<typeof gatewayClient>;
/** Enough for threads. */
const sales = generateSales(600_000, 4, 300);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-questions-'));
  await writeFile(join(folder, 'large.csv'), sales.csv);
  await writeFile(join(folder, 'a.csv'), SALES);
  await writeFile(join(folder, 'b.csv'), `${SALES}x\n`);
  await writeFile(join(folder, '.hidden.csv'), SALES);
  server = await ServerProcess.start({ SOURCES: folder });
  client = gatewayClient(server.url);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function finished(csv: string | Uint8Array, query = '', url = server.url): Promise<Job> {
  const { id } = await upload(url, csv, query);
  return await endedJob(url, id);
}

async function ask(source: string, options: object = {}, url = server.url): Promise<Job> {
  const { job, uploadUrl } = await gatewayClient(url).createJob({ source, options });
  expect(uploadUrl).toBe('');
  return await endedJob(url, job!.id);
}

const totalsOf = async (id: string) => (await client.listTotals({ jobId: id, pageSize: 10_000 })).totals;
const errorOf = (call: Promise<unknown>) => call.then(() => undefined, ConnectError.from);

test.each([
  ['large', sales.csv, ''],
  ['small', Buffer.from(SALES), ''],
  ['packed', gzipSync(sales.csv), '?filename=sales.csv.gz'],
])('another question about a %s upload gives what an upload of its own gives', async (_, csv, query) => {
  const first = await finished(csv, query);
  expect(first).toMatchObject({ state: JobState.SUCCEEDED, fileKept: true, source: '' });
  const same = await ask(`jobs/${first.id}`);
  expect(await totalsOf(same.id)).toEqual(await totalsOf(first.id));
  const { rows, rowsRejected, total, departments, doubts, top } = { ...first, rows: first.rowsProcessed };
  expect(same).toMatchObject({ rowsProcessed: rows, rowsRejected, total, departments, top, filename: first.filename });
  expect(same.doubts).toEqual(doubts);
  expect(same).toMatchObject({ source: `jobs/${first.id}`, sizeBytes: first.sizeBytes, fileKept: true });
  const [a, b] = await Promise.all([first.id, same.id].map((jobId) => client.listRejects({ jobId, pageSize: 1000 })));
  expect(b!.rejects).toEqual(a!.rejects);
  const byDate = await ask(same.id, { departmentColumn: 'Date' });
  const uploaded = await finished(csv, `${query === '' ? '?' : `${query}&`}departmentColumn=Date`);
  expect(await totalsOf(byDate.id)).toEqual(await totalsOf(uploaded.id));
  // A question about a question is one about the same file.
  expect(byDate.source).toBe(`jobs/${first.id}`);
});

test('a question lives on when the job is deleted whose upload it was', async () => {
  const first = await finished(SALES);
  const second = await ask(`jobs/${first.id}`);
  await client.deleteJob({ id: first.id });
  expect((await ask(second.id, { departmentColumn: 'Date' })).departments).toBe(2);
  expect(await errorOf(ask(`jobs/${first.id}`))).toMatchObject({ code: Code.NotFound });
});

test('a file that is not whole, a job that is not there and wrong options are refused at once', async () => {
  const { job } = await client.createJob({ filename: 'x.csv', sizeBytes: 100n });
  expect(await errorOf(ask(`jobs/${job!.id}`))).toMatchObject({ code: Code.FailedPrecondition });
  await client.deleteJob({ id: job!.id });
  expect(await errorOf(ask('jobs/none'))).toMatchObject({ code: Code.NotFound });
  const { id } = await finished(SALES);
  expect(await errorOf(ask(id, { delimiter: 'xx' }))).toMatchObject({ code: Code.InvalidArgument });
  const failed = await ask(id, { departmentColumn: 'None' });
  expect(failed).toMatchObject({ state: JobState.FAILED, error: { code: 'COLUMN_NOT_FOUND' }, fileKept: true });
  await client.retryJob({ id: failed.id, options: { departmentColumn: 'Date' } });
  expect(await endedJob(server.url, failed.id)).toMatchObject({ state: JobState.SUCCEEDED, departments: 2 });
});

test('files of SOURCES are read in place, one or many, and rejects name theirs everywhere', async () => {
  const large = await ask(pathToFileURL(join(folder, 'large.csv')).href);
  expect(large).toMatchObject({ state: JobState.SUCCEEDED, filename: 'large.csv', departments: 300, fileKept: true });
  expect(large.sizeBytes).toBe(BigInt(sales.csv.length));
  const uploaded = await finished(sales.csv);
  expect(await totalsOf(large.id)).toEqual(await totalsOf(uploaded.id));
  const both = await ask(`file://${folder}/[ab].csv`);
  expect(both).toMatchObject({ state: JobState.SUCCEEDED, rowsProcessed: 8n, rowsRejected: 1n, total: '46' });
  const { rejects } = await client.listRejects({ jobId: both.id });
  expect(rejects).toMatchObject([{ file: 'b.csv', line: 6n, raw: 'x' }]);
  const csv = await (await fetch(`${server.url}/jobs/${both.id}/rejects.csv`)).text();
  expect(csv).toBe(`Line,Byte Offset,Reason,Raw,Lines,File\n6,${SALES.length},COLUMN_COUNT,x,1,b.csv\n`);
  // A question about it is one about the same files.
  expect(await ask(both.id, { departmentColumn: 'Date' })).toMatchObject({ source: both.source, departments: 2 });
  expect((await readdir(join(server.dataDir, 'spool'))).includes(both.id)).toBe(false);
  await client.deleteJob({ id: both.id });
});

test('a file of SOURCES that is gone, or outside, is told at once', async () => {
  for (const [source, code] of [
    [`file://${folder}/none.csv`, Code.NotFound],
    ['file:///etc/passwd', Code.PermissionDenied],
    ['gs://bucket/key', Code.InvalidArgument],
    ['s3://bucket/key', Code.PermissionDenied],
  ] as const) {
    expect(await errorOf(ask(source))).toMatchObject({ code });
    expect(await errorOf(client.inspectCsv({ source }))).toMatchObject({ code });
  }
});

test('InspectCsv looks into a source as into a sample', async () => {
  const head = sales.csv.subarray(0, 64 * 1024);
  const sample = await client.inspectCsv({ sample: head, filename: 'sales.csv' });
  const { id } = await finished(gzipSync(sales.csv));
  for (const [source, bytes] of [
    [`jobs/${id}`, gzipSync(sales.csv).length],
    [`file://${folder}/large.csv`, sales.csv.length],
  ] as const) {
    const found = await client.inspectCsv({ source });
    expect(found).toMatchObject({ dialect: sample.dialect, rows: sample.rows, doubts: sample.doubts });
    expect(found).toMatchObject({ sourceBytes: BigInt(bytes), sourceFiles: 1 });
  }
  expect(await client.inspectCsv({ source: `file://${folder}/[ab].csv` })).toMatchObject({ sourceFiles: 2 });
});

test('ListSources shows what may be read, page by page, and nothing else', async () => {
  const { sources } = await client.listSources({});
  expect(sources).toMatchObject([{ name: folder, folder: true }]);
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await client.listSources({ folder: sources[0]!.url, pageSize: 2, pageToken });
    seen.push(...page.sources.map(({ name, sizeBytes, folder: isFolder }) => `${name} ${sizeBytes} ${isFolder}`));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  expect(seen).toEqual([
    `a.csv ${SALES.length} false`,
    `b.csv ${SALES.length + 2} false`,
    `large.csv ${sales.csv.length} false`,
  ]);
  expect(await errorOf(client.listSources({ folder: 'file:///etc' }))).toMatchObject({ code: Code.PermissionDenied });
  await using closed = await ServerProcess.start();
  expect((await gatewayClient(closed.url).listSources({})).sources).toEqual([]);
});

test('one key sees nothing of the files of another', async () => {
  await using keyed = await ServerProcess.start({ API_KEYS: 'first-key,second-key' });
  const [mine, other] = ['first-key', 'second-key'].map((key) =>
    gatewayClient(keyed.url, { authorization: `Bearer ${key}` }),
  );
  const headers = { authorization: 'Bearer first-key' };
  const { id } = await upload(keyed.url, SALES, '', { headers });
  expect(await errorOf(other!.createJob({ source: `jobs/${id}` }))).toMatchObject({ code: Code.NotFound });
  expect(await errorOf(other!.inspectCsv({ source: `jobs/${id}` }))).toMatchObject({ code: Code.NotFound });
  expect((await mine!.inspectCsv({ source: `jobs/${id}` })).rows).toHaveLength(4);
});

test('kept uploads stay below KEEP_UPLOADS, the longest unused go first, and their jobs say so', async () => {
  const bytes = (count: number) => Buffer.from(SALES + 'Books,2024-01-03,1\n'.repeat(count)).length;
  const csv = (count: number) => SALES + 'Books,2024-01-03,1\n'.repeat(count);
  // Three of them fit.
  await using small = await ServerProcess.start({ KEEP_UPLOADS: String(3 * bytes(1_000)) });
  const gateway = gatewayClient(small.url);
  const jobs: Job[] = [];
  for (let index = 0; index < 3; index++) jobs.push(await finished(csv(1_000), '', small.url));
  // Used again, so the second one is the oldest.
  jobs.push(await ask(jobs[0]!.id, {}, small.url));
  jobs.push(await finished(csv(1_000), '', small.url));
  const kept = async () => {
    const found = await Promise.all(jobs.map(({ id }) => gateway.getJob({ id })));
    return found.map(({ job }) => job!.fileKept);
  };
  await expect.poll(kept).toEqual([true, false, true, true, true]);
  expect(await errorOf(ask(jobs[1]!.id, {}, small.url))).toMatchObject({ code: Code.FailedPrecondition });
  await expect.poll(async () => (await readdir(join(small.dataDir, 'spool'))).length).toBe(4);
  // One that is larger than all lets all others go, and itself.
  jobs.push(await finished(csv(10_000), '', small.url));
  await expect.poll(kept).toEqual([false, false, false, false, false, false]);
  await expect.poll(() => readdir(join(small.dataDir, 'spool'))).toEqual([]);
});

test('a file that is kept, and one that is not, are so after a restart', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tallystream-kept-'));
  try {
    const before = await ServerProcess.start({ DATA_DIR: dataDir });
    const { id } = await finished(SALES, '', before.url);
    await before.stop('SIGKILL');
    const after = await ServerProcess.start({ DATA_DIR: dataDir });
    expect(await ask(id, { departmentColumn: 'Date' }, after.url)).toMatchObject({ departments: 2 });
    await after.stop();
    const none = await ServerProcess.start({ DATA_DIR: dataDir, KEEP_UPLOADS: '0' });
    await expect.poll(async () => (await gatewayClient(none.url).getJob({ id })).job?.fileKept).toBe(false);
    expect(await readdir(join(dataDir, 'spool'))).toEqual([]);
    expect(await finished(SALES, '', none.url)).toMatchObject({ state: JobState.SUCCEEDED, fileKept: false });
    await none.stop();
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test('a question that a killed processor or server leaves is answered by the next', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tallystream-killed-'));
  try {
    const large = Buffer.concat(
      Array.from({ length: 12 }, (_, index) =>
        index === 0 ? sales.csv : sales.csv.subarray(sales.csv.indexOf('\n') + 1),
      ),
    );
    const settings = { DATA_DIR: dataDir, SOURCES: folder, CHECKPOINT_MS: '10' };
    const before = await ServerProcess.start(settings);
    const first = await finished(large, '', before.url);
    const { job } = await gatewayClient(before.url).createJob({ source: first.id });
    process.kill(before.processorPid(), 'SIGKILL');
    expect(await endedJob(before.url, job!.id)).toMatchObject({ state: JobState.SUCCEEDED, total: first.total });
    const { job: again } = await gatewayClient(before.url).createJob({ source: first.id });
    await before.stop('SIGKILL');
    const after = await ServerProcess.start(settings);
    const last = await endedJob(after.url, again!.id);
    expect(last).toMatchObject({ state: JobState.SUCCEEDED, total: first.total, rowsRejected: first.rowsRejected });
    await after.stop();
  } finally {
    await rm(dataDir, { recursive: true });
  }
}, 60_000);

test('a file that changes between two processes fails its job, whatever it becomes', { timeout: 120_000 }, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tallystream-changed-'));
  const path = join(folder, 'changing.csv');
  const body = sales.csv.subarray(sales.csv.indexOf('\n') + 1);
  const large = Buffer.concat([sales.csv, ...Array.from({ length: 14 }, () => body)]);
  const settings = { DATA_DIR: dataDir, SOURCES: folder, CHECKPOINT_MS: '1', WORKERS: '1' };
  try {
    for (const [what, text] of [
      ['shorter', Buffer.from(SALES)],
      ['another of its size', Buffer.concat([Buffer.from('Other,Date,Number\n'), large.subarray(18)])],
    ] as const) {
      await writeFile(path, large);
      const before = await ServerProcess.start(settings);
      const { job } = await gatewayClient(before.url).createJob({ source: `file://${path}` });
      await expect
        .poll(() => metric(before.url, 'tallystream_checkpoints_total'), { timeout: 20_000 })
        .toBeGreaterThan(0);
      await before.stop('SIGKILL');
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
      const after = await ServerProcess.start(settings);
      const last = await endedJob(after.url, job!.id);
      expect(last, what).toMatchObject({ state: JobState.FAILED, error: { code: 'SOURCE_CHANGED' } });
      await after.stop();
    }
  } finally {
    await rm(path, { force: true });
    await rm(dataDir, { recursive: true });
  }
});

test('a file that has grown before it is read has the size that was read', async () => {
  const path = join(folder, 'grown.csv');
  await writeFile(path, SALES);
  const { id } = await ask(`file://${path}`);
  await writeFile(path, `${SALES}Books,2024-01-03,1\n`);
  const again = await ask(id);
  expect(again).toMatchObject({ total: '24', sizeBytes: BigInt(SALES.length + 19), processedBytes: again.sizeBytes });
  await rm(path);
});

test('the own folder of the server is not read, wherever it lies', async () => {
  const around = await mkdtemp(join(tmpdir(), 'tallystream-around-'));
  await writeFile(join(around, 'a.csv'), SALES);
  const settings = { SOURCES: around, DATA_DIR: join(around, 'data'), API_KEYS: 'first-key,second-key' };
  await using keyed = await ServerProcess.start(settings);
  const { id } = await upload(keyed.url, SALES, '', { headers: { authorization: 'Bearer first-key' } });
  const other = gatewayClient(keyed.url, { authorization: 'Bearer second-key' });
  const spool = `file://${around}/data/spool`;
  for (const source of [`${spool}/${id}`, `file://${around}/data/tallystream.db`]) {
    expect(await errorOf(other.inspectCsv({ source }))).toMatchObject({ code: Code.PermissionDenied });
  }
  expect(await errorOf(other.createJob({ source: `file://${around}/*/*/*` }))).toMatchObject({ code: Code.NotFound });
  expect(await errorOf(other.listSources({ folder: spool }))).toMatchObject({ code: Code.PermissionDenied });
  const { sources } = await other.listSources({ folder: `file://${around}` });
  expect(sources.map(({ name }) => name)).toEqual(['a.csv']);
  await keyed.stop();
  await rm(around, { recursive: true });
});

test('a glob that is far too wide stops nobody', async () => {
  const wide = [`${folder}/{1..100000}.csv`, `${folder}/${'{a,b}'.repeat(16)}`, `${folder}/${'*a'.repeat(500)}`];
  const calls = wide.map((source) => errorOf(client.inspectCsv({ source })));
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  for (const error of await Promise.all(calls)) expect([Code.InvalidArgument, Code.NotFound]).toContain(error?.code);
});
