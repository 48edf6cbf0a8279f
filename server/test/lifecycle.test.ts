/** Cancel, retry and delete of jobs in every state, several times at once; and that nothing of them stays. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient, upload, watchJob } from './support/clients.ts';
import { metric } from './support/metrics.ts';
import { generateSales } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { plainDecimal, readTotals } from './support/totals.ts';
import { TusFile } from './support/tus-file.ts';

const sales = generateSales(60_000, 51);
const right = new Map(sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)]));
let server: ServerProcess;
let client: ReturnType<typeof gatewayClient>;
let filesOpen: number;

beforeAll(async () => {
  server = await ServerProcess.start({ CHECKPOINT_MS: '20', KEEP_UPLOADS: '1GiB' });
  client = gatewayClient(server.url);
  // The first job opens the handles that stay open.
  await client.deleteJob({ id: (await succeeded()).id });
  filesOpen = await metric(server.url, 'process_open_fds');
});
afterAll(() => server[Symbol.asyncDispose]());

async function halfUploaded(): Promise<TusFile> {
  const { job } = await client.createJob({ filename: 'a.csv', sizeBytes: BigInt(sales.csv.length) });
  const file = new TusFile(job?.id ?? '', sales.csv, { url: async () => server.url });
  const half = Math.floor(sales.csv.length / 2);
  await file.send(half);
  await watchJob(server.url, file.id, ({ processedBytes }) => processedBytes === BigInt(half));
  return file;
}

async function succeeded() {
  const { id } = await upload(server.url, sales.csv);
  return await endedJob(server.url, id);
}

/** Brings a job into each state. */
const STATES: Record<string, () => Promise<{ id: string; goOn?: () => void }>> = {
  UPLOADING: halfUploaded,
  async PROCESSING() {
    const file = await halfUploaded();
    const pid = server.processorPid();
    process.kill(pid, 'SIGSTOP');
    while (!file.isWhole) await file.send(sales.csv.length);
    await watchJob(server.url, file.id, ({ state }) => state === JobState.PROCESSING);
    return { id: file.id, goOn: () => process.kill(pid, 'SIGCONT') };
  },
  SUCCEEDED: succeeded,
  async FAILED() {
    const { id } = await upload(server.url, sales.csv, '?departmentColumn=Nowhere');
    expect((await endedJob(server.url, id)).state).toBe(JobState.FAILED);
    return { id };
  },
  async CANCELED() {
    const { id } = await halfUploaded();
    await client.cancelJob({ id });
    return { id };
  },
};

const ACTS = {
  cancel: (id: string) => client.cancelJob({ id }),
  retry: (id: string) => client.retryJob({ id, options: {} }),
  delete: (id: string) => client.deleteJob({ id }),
};
/** The allowed answers besides success: the state does not allow it, or it is gone. */
const REFUSALS = [Code.FailedPrecondition, Code.NotFound];

async function outcome(call: Promise<unknown>): Promise<Code | undefined> {
  return await call.then(
    () => undefined,
    (error) => ConnectError.from(error).code,
  );
}

for (const [state, reach] of Object.entries(STATES)) {
  for (const [act, once] of Object.entries(ACTS)) {
    test(`${act} of a job that is ${state}, three times at once and once more, leaves it in one clear state`, async () => {
      const { id, goOn } = await reach();
      const outcomes = await Promise.all([once(id), once(id), once(id)].map(outcome));
      goOn?.();
      outcomes.push(await outcome(once(id)));
      for (const code of outcomes) if (code !== undefined) expect(REFUSALS).toContain(code);
      if (act === 'delete') {
        expect(await outcome(client.getJob({ id }))).toBe(Code.NotFound);
        return;
      }
      if (act === 'cancel') expect(outcomes).toEqual([undefined, undefined, undefined, undefined]);
      const { job } = await client.getJob({ id });
      if (act === 'cancel' && ['UPLOADING', 'PROCESSING'].includes(state)) expect(job?.state).toBe(JobState.CANCELED);
      if (act === 'retry' && state === 'FAILED') {
        expect(outcomes.filter((code) => code === undefined)).toHaveLength(1);
        expect((await endedJob(server.url, id)).state).toBe(JobState.SUCCEEDED);
        expect(readTotals(await (await fetch(`${server.url}/jobs/${id}/totals.csv`)).text())).toEqual(right);
      }
      await client.deleteJob({ id });
    });
  }
}

test('cancel, retry and delete all at once, again and again, end in one of the three', async () => {
  for (let round = 0; round < 10; round++) {
    const { id } = round % 2 === 0 ? await halfUploaded() : await succeeded();
    const acts = Object.values(ACTS);
    const calls = Array.from({ length: 9 }, (_, index) => acts[(index + round) % acts.length]!(id));
    for (const code of await Promise.all(calls.map(outcome))) {
      if (code !== undefined) expect(REFUSALS).toContain(code);
    }
    await client.deleteJob({ id });
  }
});

test('nothing stays of jobs that were deleted: no file, no row, no running job, no handle', async () => {
  expect((await client.listJobs({})).jobs).toEqual([]);
  expect(await readdir(join(server.dataDir, 'spool'))).toEqual([]);
  expect(await metric(server.url, 'tallystream_running_jobs')).toBe(0);
  expect(await metric(server.url, 'tallystream_unsaved_bytes')).toBe(0);
  // Connections of this test's own come and go.
  expect(await metric(server.url, 'process_open_fds')).toBeLessThan(filesOpen + 20);
  await server.stop();
  const database = new DatabaseSync(join(server.dataDir, 'tallystream.db'));
  const tables = ['jobs', 'results', 'totals', 'rejects', 'checkpoints', 'checkpoint_parts'];
  for (const table of tables) {
    expect(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get(), table).toEqual({ rows: 0 });
  }
  database.close();
});
