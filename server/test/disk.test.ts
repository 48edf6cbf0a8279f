/** A disk that is full or breaks, over real sockets: the errors of each client, and the work that goes on. */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient, jobNamed, upload } from './support/clients.ts';
import { type DiskFault, FAULT_FILE } from './support/disk-fault.ts';
import { send } from './support/requests.ts';
import { generateSales, SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { spoolHolds } from './support/spool-folder.ts';
import { plainDecimal, readTotals } from './support/totals.ts';
import { expectWell } from './support/wellness.ts';

const MB = 1024 * 1024;
const sales = generateSales(150_000, 21);
const right = new Map(sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)]));
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({ KEEP_UPLOADS: '0' }, ['--import', './server/test/support/failing-disk.ts']);
});
afterEach(mend);
afterAll(() => server[Symbol.asyncDispose]());

async function fail(fault: DiskFault): Promise<void> {
  await writeFile(join(server.dataDir, FAULT_FILE), JSON.stringify(fault));
}

async function mend(): Promise<void> {
  await rm(join(server.dataDir, FAULT_FILE), { force: true });
}

const headers = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' };

async function patch(job: Job | undefined, start: number, body: unknown): Promise<Response> {
  return await fetch(`${server.url}/uploads/${job?.id}`, {
    method: 'PATCH',
    headers: { ...headers, 'upload-offset': String(start) },
    body: body as string,
    duplex: 'half',
  } as RequestInit);
}

async function offsetOf(job: Job | undefined): Promise<number> {
  const response = await fetch(`${server.url}/uploads/${job?.id}`, { method: 'HEAD', headers });
  expect(response.status).toBe(200);
  return Number(response.headers.get('upload-offset'));
}

/** Waits until the server writes to its log, or a moment has passed. */
async function nextLine({ log }: ServerProcess): Promise<void> {
  const { length } = log;
  for (let looks = 0; looks < 20 && log.length === length; looks++) await wait(10);
}

/** A job by tus whose upload is half there. */
async function halfUpload(): Promise<{ job: Job | undefined; finish(): Promise<void> }> {
  const { job } = await gatewayClient(server.url).createJob({
    filename: 'half.csv',
    sizeBytes: BigInt(sales.csv.length),
  });
  const middle = Math.floor(sales.csv.length / 2);
  expect((await patch(job, 0, sales.csv.subarray(0, middle))).status).toBe(204);
  return {
    job,
    async finish() {
      const offset = await offsetOf(job);
      expect((await patch(job, offset, sales.csv.subarray(offset))).status).toBe(204);
      expect(await endedJob(server.url, job?.id ?? '')).toMatchObject({ state: JobState.SUCCEEDED });
      const csv = await (await fetch(`${server.url}/jobs/${job?.id}/totals.csv`)).text();
      expect(readTotals(csv)).toEqual(right);
    },
  };
}

/** Rows without an end, until their reader has had enough. */
async function* endless() {
  const rows = Buffer.from('Sports,2024-01-01,1\n'.repeat(5_000));
  while (true) {
    yield rows;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function failedJob(filename: string): Promise<Job> {
  const id = await jobNamed(server.url, filename, ({ state }) => state === JobState.FAILED);
  const { job } = await gatewayClient(server.url).getJob({ id });
  if (!job) throw new Error('no job');
  return job;
}

test.each([
  ['ENOSPC', 507, 'DISK_FULL', 'free some space'],
  ['EIO', 500, 'STORAGE_FAILED', 'disk'],
] as const)(
  '%s in the middle of an upload in one request is told, fails its job and no other',
  async (code, status, name, words) => {
    const { job, finish } = await halfUpload();
    await fail({ path: 'spool', code, on: ['write'], fromByte: 20 * MB });
    const size = 24 * MB;
    const filename = `${code}.csv`;
    const { response, json } = await upload(server.url, Buffer.alloc(size, 'Books,1\n'), `?filename=${filename}`);
    expect(response.status).toBe(status);
    expect(json).toMatchObject({ code: name, message: expect.stringContaining(words) });
    expect((await failedJob(filename)).error).toMatchObject({ code: name, message: expect.stringContaining(words) });
    // Nobody can go on with it, so it must not take the room that there is.
    await spoolHolds(server.dataDir, [job?.id]);
    await finish();
    await mend();
    await expectWell(server);
  },
);

test('ENOSPC in the middle of a part of tus is told, and the upload goes on once there is room', async () => {
  const { job, finish } = await halfUpload();
  const offset = await offsetOf(job);
  await fail({ path: 'spool', code: 'ENOSPC', on: ['write'], fromByte: offset + 100_000 });
  const response = await patch(job, offset, sales.csv.subarray(offset));
  expect(response.status).toBe(507);
  expect(await response.text()).toContain('free some space');
  expect((await gatewayClient(server.url).getJob({ id: job?.id })).job?.state).toBe(JobState.UPLOADING);
  await expectWell(server);
  await mend();
  await finish();
});

test('EIO in the middle of a part of tus fails its job: what the disk holds cannot be trusted', async () => {
  const other = await halfUpload();
  const { job } = await halfUpload();
  const offset = await offsetOf(job);
  await fail({ path: job?.id ?? '', code: 'EIO', on: ['write'] });
  const response = await patch(job, offset, sales.csv.subarray(offset));
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('disk');
  expect(await endedJob(server.url, job?.id ?? '')).toMatchObject({ error: { code: 'STORAGE_FAILED' } });
  await other.finish();
  await expectWell(server);
  await spoolHolds(server.dataDir, []);
  expect(server.log.filter((line) => line.includes('EIO')).length).toBeGreaterThan(0);
});

test('a sync that fails at the end of a part of tus fails its job: the bytes that it was to keep are lost', async () => {
  const other = await halfUpload();
  const { job } = await halfUpload();
  const offset = await offsetOf(job);
  // Even where there only was no room: the disk tells of such bytes once.
  await fail({ path: job?.id ?? '', code: 'ENOSPC', on: ['datasync'] });
  const response = await patch(job, offset, sales.csv.subarray(offset, offset + 1000));
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('ENOSPC');
  expect(await endedJob(server.url, job?.id ?? '')).toMatchObject({ error: { code: 'STORAGE_FAILED' } });
  await mend();
  await other.finish();
  await expectWell(server);
  await spoolHolds(server.dataDir, []);
});

test('a sync that fails at the end of an upload fails its job, and no other', async () => {
  const other = await halfUpload();
  const { job } = await halfUpload();
  const offset = await offsetOf(job);
  await fail({ path: job?.id ?? '', code: 'EIO', on: ['sync'] });
  const response = await patch(job, offset, sales.csv.subarray(offset));
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('EIO');
  expect(await endedJob(server.url, job?.id ?? '')).toMatchObject({ error: { code: 'STORAGE_FAILED' } });
  await other.finish();
  await expectWell(server);
  await spoolHolds(server.dataDir, []);
});

test('without room, new uploads of every kind are refused before a byte is taken, and say so', async () => {
  const { job, finish } = await halfUpload();
  await fail({ path: '', code: 'ENOSPC', on: ['statfs'] });
  const oneShot = await upload(server.url, SALES);
  expect(oneShot.response.status).toBe(507);
  expect(oneShot.json).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('GB left on its disk') });
  const form = new FormData();
  form.set('file', new Blob([SALES]), 'sales.csv');
  expect((await fetch(`${server.url}/upload`, { method: 'POST', body: form })).status).toBe(507);
  const created = gatewayClient(server.url).createJob({ filename: 'a.csv' });
  const error = ConnectError.from(await created.catch((reason) => reason));
  expect(error.code).toBe(Code.ResourceExhausted);
  expect(error.rawMessage).toContain('GB left on its disk');
  const tus = await fetch(`${server.url}/uploads`, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '10' },
  });
  expect(tus.status).toBe(507);
  expect(await tus.text()).toContain('GB left on its disk');
  await spoolHolds(server.dataDir, [job?.id]);
  await mend();
  await finish();
});

test('an upload that runs when the room gets short ends with 507, and one by tus can go on later', async () => {
  const client = gatewayClient(server.url);
  const { job } = await client.createJob({ filename: 'long.csv' });
  const isUnderWay = ({ receivedBytes }: Job) => receivedBytes > 0n;
  const sending = send(
    `${server.url}/uploads/${job?.id}`,
    { method: 'PATCH', headers: { ...headers, 'upload-offset': '0' } },
    endless(),
  );
  const oneShot = send(`${server.url}/upload?filename=short.csv`, { method: 'POST' }, endless());
  await Promise.all([jobNamed(server.url, 'long.csv', isUnderWay), jobNamed(server.url, 'short.csv', isUnderWay)]);
  await fail({ path: '', code: 'ENOSPC', on: ['statfs'] });
  const { status, body } = await oneShot;
  expect(status).toBe(507);
  expect(JSON.parse(body)).toMatchObject({ code: 'DISK_FULL' });
  expect((await failedJob('short.csv')).error?.code).toBe('DISK_FULL');
  expect((await sending).status).toBe(507);
  // As long as there is no room, no part is taken.
  expect((await patch(job, await offsetOf(job), 'x')).status).toBe(507);
  await mend();
  expect((await patch(job, await offsetOf(job), 'Books,1\n')).status).toBe(204);
  await client.deleteJob({ id: job?.id });
  await expectWell(server);
});

test('an upload by tus waits for room though only the database has none: its job does not fail', async () => {
  const { job, finish } = await halfUpload();
  await fail({ path: '', code: 'ENOSPC', on: ['database'] });
  const offset = await offsetOf(job);
  expect((await patch(job, offset, sales.csv.subarray(offset))).status).toBe(204);
  const brokeOff = () => server.log.some((line) => line.includes('broke off') && line.includes(job?.id ?? ''));
  while (!brokeOff()) await nextLine(server);
  expect((await gatewayClient(server.url).getJob({ id: job?.id })).job?.error).toBeUndefined();
  await mend();
  await finish();
});

test('a job whose end cannot be stored has ended: it can be canceled, retried and deleted, and is stored later', async () => {
  const client = gatewayClient(server.url);
  const { job } = await halfUpload();
  const other = await halfUpload();
  const id = job?.id ?? '';
  await fail({ path: '', code: 'ENOSPC', on: ['database'] });
  expect((await client.cancelJob({ id })).job?.state).toBe(JobState.CANCELED);
  expect((await client.getJob({ id })).job?.state).toBe(JobState.CANCELED);
  const { jobs } = await client.listJobs({ states: [] });
  expect(jobs.find((each) => each.id === id)?.state).toBe(JobState.CANCELED);
  const readyz = await fetch(`${server.url}/readyz`);
  expect([readyz.status, await readyz.text()]).toEqual([503, expect.stringContaining('cannot be stored')]);
  await expect(client.deleteJob({ id: other.job?.id })).rejects.toMatchObject({ code: Code.ResourceExhausted });
  expect((await client.getJob({ id: other.job?.id })).job?.state).toBe(JobState.CANCELED);
  await fail({ path: '', code: 'ENOSPC', on: ['database'], untilReserveIsGiven: true });
  await client.deleteJob({ id: other.job?.id });
  await expect(client.getJob({ id: other.job?.id })).rejects.toMatchObject({ code: Code.NotFound });
  await mend();
  while ((await fetch(`${server.url}/readyz`)).status !== 200) await nextLine(server);
  await expectWell(server);
});

test('a server starts without room for its database, says so, and lets a job be deleted', async () => {
  const preload = ['--import', './server/test/support/failing-disk.ts'];
  const first = await ServerProcess.start({}, preload);
  const { id } = await upload(first.url, SALES);
  await endedJob(first.url, id);
  const { job } = await gatewayClient(first.url).createJob({ filename: 'waits.csv', sizeBytes: 10n });
  while (!existsSync(join(first.dataDir, 'reserve'))) await nextLine(first);
  await first.stop('SIGKILL');
  const fault: DiskFault = { path: '', code: 'ENOSPC', on: ['database', 'statfs'] };
  await writeFile(join(first.dataDir, FAULT_FILE), JSON.stringify(fault));
  await using second = await ServerProcess.start({ DATA_DIR: first.dataDir }, preload);
  expect((await fetch(`${second.url}/readyz`)).status).toBe(503);
  const client = gatewayClient(second.url);
  expect((await client.getJob({ id: job?.id })).job?.state).toBe(JobState.UPLOADING);
  await writeFile(join(first.dataDir, FAULT_FILE), JSON.stringify({ ...fault, untilReserveIsGiven: true }));
  await client.deleteJob({ id });
  await expect(client.getJob({ id })).rejects.toMatchObject({ code: Code.NotFound });
  await rm(join(first.dataDir, FAULT_FILE));
});

test('a server without room for uploads is not ready', async () => {
  await using full = await ServerProcess.start({ MIN_FREE_DISK_BYTES: '1000TiB' });
  const response = await fetch(`${full.url}/readyz`);
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('disk is full');
  expect((await fetch(`${full.url}/healthz`)).status).toBe(200);
});
