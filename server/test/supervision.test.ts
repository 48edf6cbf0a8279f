/** Parts of the system that are killed. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { MALLOC_SETTINGS } from '../src/malloc-settings.ts';
import { endedJob, gatewayClient, jobNamed, upload, watchJob } from './support/clients.ts';
import { environmentOf, isRunning } from './support/processes.ts';
import { generateSales, SALES } from './support/sales.ts';
import { serverStarter } from './support/servers.ts';
import { plainDecimal, readTotals } from './support/totals.ts';

const sales = generateSales(300_000, 11);
const right = new Map(sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)]));
const start = serverStarter();

/** An upload by tus that stops in the middle until told to go on. */
async function halfUpload(url: string) {
  const { job } = await gatewayClient(url).createJob({ filename: 'half.csv', sizeBytes: BigInt(sales.csv.length) });
  const middle = Math.floor(sales.csv.length / 2);
  const patch = (to: string, start: number, end: number) =>
    fetch(`${to}/uploads/${job?.id}`, {
      method: 'PATCH',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-offset': String(start),
        'content-type': 'application/offset+octet-stream',
      },
      body: sales.csv.subarray(start, end),
    });
  expect((await patch(url, 0, middle)).status).toBe(204);
  return { id: job?.id ?? '', finish: (to = url) => patch(to, middle, sales.csv.length) };
}

async function expectRightTotals(url: string, id: string): Promise<void> {
  expect((await endedJob(url, id)).state).toBe(JobState.SUCCEEDED);
  expect(readTotals(await (await fetch(`${url}/jobs/${id}/totals.csv`)).text())).toEqual(right);
}

test('a processor that is killed in the middle is started again and the job ends with the same totals', async () => {
  const server = await start();
  const { id, finish } = await halfUpload(server.url);
  await watchJob(server.url, id, ({ rowsProcessed }) => rowsProcessed > 0n);
  process.kill(server.processorPid(), 'SIGKILL');
  expect((await finish()).status).toBe(204);
  await expectRightTotals(server.url, id);
  expect(server.log.join('\n')).toContain('the processor died and is started again');
});

test('a gateway that is killed in the middle goes on after its start: the upload where it was, the result the same', async () => {
  const first = await start();
  const { id, finish } = await halfUpload(first.url);
  await first.stop('SIGKILL');
  const second = await start({ DATA_DIR: first.dataDir });
  const head = await fetch(`${second.url}/uploads/${id}`, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
  expect(Number(head.headers.get('upload-offset'))).toBe(Math.floor(sales.csv.length / 2));
  expect((await finish(second.url)).status).toBe(204);
  await expectRightTotals(second.url, id);
});

test('a job whose upload was whole is analysed after a restart; one that was cut off says so', async () => {
  const first = await start({ ROLE: 'gateway', PROCESSOR_URL: 'http://127.0.0.1:9' });
  const { id } = await upload(first.url, sales.csv);
  expect((await gatewayClient(first.url).getJob({ id })).job?.state).toBe(JobState.QUEUED);
  const cut = async function* () {
    yield Buffer.from(SALES);
    await new Promise(() => {});
  };
  void upload(first.url, cut(), '?filename=cut.csv').catch(() => {});
  const cutId = await jobNamed(first.url, 'cut.csv', ({ receivedBytes }) => receivedBytes > 0n);
  await first.stop('SIGKILL');
  const second = await start({ DATA_DIR: first.dataDir });
  await expectRightTotals(second.url, id);
  expect(await endedJob(second.url, cutId)).toMatchObject({
    state: JobState.FAILED,
    error: { code: 'UPLOAD_INTERRUPTED' },
  });
  expect(await readdir(join(second.dataDir, 'spool'))).not.toContain(cutId);
});

test('gateway and processor give memory back that is freed, unless the user has settings of malloc', async () => {
  const environments: Record<string, string>[] = [{}, { MALLOC_TRIM_THRESHOLD_: '1000000' }];
  for (const environment of environments) {
    const server = await start(environment);
    const settings = { ...MALLOC_SETTINGS, ...environment };
    for (const pid of [server.pid, server.processorPid()]) {
      expect(Object.fromEntries(environmentOf(pid))).toMatchObject(settings);
    }
  }
});

test('the processor ends with its gateway, even if that is killed', async () => {
  const server = await start();
  const pid = server.processorPid();
  await server.stop('SIGKILL');
  await expect.poll(() => isRunning(pid)).toBe(false);
});

test('results and jobs are there after a restart', async () => {
  const first = await start();
  const { id } = await upload(first.url, SALES);
  await endedJob(first.url, id);
  await writeFile(join(first.dataDir, 'not-ours.txt'), 'x');
  expect(await first.stop()).toBe(0);
  const second = await start({ DATA_DIR: first.dataDir });
  const { jobs } = await gatewayClient(second.url).listJobs({});
  expect(jobs).toMatchObject([{ id, state: JobState.SUCCEEDED, total: '23' }]);
  expect((await gatewayClient(second.url).listTotals({ jobId: id })).totals).toHaveLength(3);
});
