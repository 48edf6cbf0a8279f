/** Files of mostly bad rows: all of them arrive, in file order, however slow or short-lived the parts in between. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { create } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import {
  ProcessCsvRequestSchema,
  type ProcessCsvResponse,
  ProcessorService,
} from '#gen/tallystream/v1/processor_pb.ts';
import {
  type BadRows,
  createBadRows,
  DENSE_REJECTS,
  describeReject,
  listedRejects,
  readRejects,
} from './support/bad-rows.ts';
import { endedJob, gatewayClient, transports, upload, watchJob } from './support/clients.ts';
import { KilledServer } from './support/killed-server.ts';
import { ServerProcess } from './support/server-process.ts';
import { TusFile } from './support/tus-file.ts';

const CLI = fileURLToPath(new URL('../../cli/tallystream.mjs', import.meta.url));
const SLOW_STORE = ['--import', './server/test/support/slow-store.ts'];
const FILES = DENSE_REJECTS.map(([rows, bad]) => ({ name: `${bad} of ${rows} rows`, ...createBadRows(rows, bad) }));
let server: ServerProcess;
let slow: ServerProcess;
let folder: string;

beforeAll(async () => {
  [server, slow] = await Promise.all([ServerProcess.start(), ServerProcess.start({}, SLOW_STORE)]);
  folder = await mkdtemp(join(tmpdir(), 'tallystream-rejects-'));
});
afterAll(async () => {
  for (const started of [server, slow]) await started[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** The messages of a call, read with a rest after each; it asks for a checkpoint after the last bytes of the file. */
async function read(name: string, url: string, csv: Buffer): Promise<ProcessCsvResponse['message'][]> {
  const transport = transports(url)[name];
  if (!transport) throw new Error('no such transport');
  const requests = async function* () {
    for (let start = 0; start < csv.length; start += 65_537) {
      const value = csv.subarray(start, start + 65_537);
      yield create(ProcessCsvRequestSchema, { message: { case: 'chunk', value } });
    }
    yield create(ProcessCsvRequestSchema, { message: { case: 'checkpointRequest', value: { id: 1n } } });
  };
  const messages: ProcessCsvResponse['message'][] = [];
  for await (const { message } of createClient(ProcessorService, transport).processCsv(requests())) {
    messages.push(message);
    await wait(2);
  }
  return messages;
}

/** Everything that a job tells of its rejected rows. */
async function expectAll(url: string, id: string, { rejects, goodRows }: BadRows): Promise<void> {
  const job = await endedJob(url, id);
  const count = BigInt(rejects.length);
  const end = goodRows > 0 ? JobState.SUCCEEDED : JobState.FAILED;
  const counters = { state: end, rowsProcessed: BigInt(goodRows), rowsRejected: count, rejectsStored: count };
  expect(job).toMatchObject(counters);
  expect((await gatewayClient(url).listRejects({ jobId: id })).totalSize).toBe(count);
  expect(await listedRejects(url, id)).toEqual(rejects);
  expect(readRejects(await (await fetch(`${url}/jobs/${id}/rejects.csv?raw=1`)).text())).toEqual(rejects);
}

for (const { name, ...file } of FILES) {
  test.each(Object.keys(transports('http://127.0.0.1:1')))(
    `%s: ${name} come to a reader that is slow, before the totals and the summary`,
    async (protocol) => {
      const messages = await read(protocol, server.url, file.csv);
      const rejects = messages.flatMap((message) => (message.case === 'rejects' ? message.value.rejects : []));
      expect(rejects.map(describeReject)).toEqual(file.rejects);
      const kinds = messages.map((message) => message.case).join(' ');
      expect(kinds).toMatch(/^((progress|rejects) )+checkpoint ((progress|rejects) )*(totals )*summary$/);
      const summary = messages.at(-1);
      const codes = summary?.case === 'summary' ? summary.value.doubts.map(({ code }) => code) : [];
      expect(codes.includes('NO_ROW_COUNTS')).toBe(file.goodRows === 0);
    },
  );

  test(`${name} are listed and downloaded, from a store that is quick and from one that is slow`, async () => {
    for (const { url } of [server, slow]) await expectAll(url, (await upload(url, file.csv)).id, file);
  });

  test(`${name} stand in the file that the command line writes`, async () => {
    const [path, rejects] = [join(folder, `${name}.csv`), join(folder, `${name} rejects.csv`)];
    await writeFile(path, file.csv);
    const run = promisify(execFile)(process.execPath, [CLI, 'sum', path, '--rejects', rejects]);
    if (file.goodRows > 0) await run;
    else await expect(run).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/doubt ROWS_/) });
    expect(readRejects(await readFile(rejects, 'utf8'))).toEqual(file.rejects);
  });

  test(`${name} are each there once though processor and gateway are killed in the middle, again and again`, async () => {
    await using target = new KilledServer({ CHECKPOINT_MS: '20' }, SLOW_STORE);
    const { job } = await gatewayClient(await target.url()).createJob({
      filename: 'bad.csv',
      sizeBytes: BigInt(file.csv.length),
    });
    const sent = new TusFile(job?.id ?? '', file.csv, target);
    // More than the sample that is looked at before anything is counted.
    await sent.send(file.csv.length / 2);
    for (const kill of ['processor', 'gateway', 'processor', 'gateway', 'processor'] as const) {
      await sent.send(file.csv.length / 12);
      // In the middle of what was sent: some of it has come back, and some is on its way.
      await watchJob(await target.url(), sent.id, ({ rowsRejected }) => rowsRejected > 0n);
      if (kill === 'processor') await target.killProcessor();
      else await target.killGateway();
    }
    while (!sent.isWhole) await sent.send(file.csv.length);
    await expectAll(await target.url(), sent.id, file);
  });
}
