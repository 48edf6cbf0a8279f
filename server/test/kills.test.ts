/** Kills at random moments: every job ends with what an undisturbed run gives, byte for byte. */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { Random } from '../../generator/src/random.ts';
import { endedJob, gatewayClient, watchJob } from './support/clients.ts';
import { KilledServer } from './support/killed-server.ts';
import { metric } from './support/metrics.ts';
import { generateSales } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { TusFile, type TusTarget } from './support/tus-file.ts';
import { zipArchive } from './support/zip-archive.ts';

const KILLS = 54;
/** Checkpoints come as quickly as kills do. */
const SETTINGS = { CHECKPOINT_MS: '20' };
const FILES = [
  { filename: 'plain.csv', bytes: generateSales(400_000, 21, 300).csv },
  { filename: 'packed.csv.gz', bytes: gzipSync(generateSales(700_000, 22, 2_000).csv, { level: 1 }) },
  { filename: 'packed.zip', bytes: zipArchive([{ name: 'a.csv', content: generateSales(300_000, 24, 500).csv }]) },
  { filename: 'many.csv', bytes: generateSales(400_000, 23, 30_000).csv },
];

async function begin({ filename, bytes }: (typeof FILES)[number], target: TusTarget): Promise<TusFile> {
  const { job } = await gatewayClient(await target.url()).createJob({ filename, sizeBytes: BigInt(bytes.length) });
  return new TusFile(job?.id ?? '', bytes, target);
}

/** All that a job gives. */
async function resultOf(url: string, id: string): Promise<string[]> {
  const job = await endedJob(url, id);
  expect(job.error?.message).toBeUndefined();
  expect(job.state).toBe(JobState.SUCCEEDED);
  const names = ['totals.csv?columns=all&raw=1', 'totals.json', 'rejects.csv'];
  const texts = names.map(async (name) => await (await fetch(`${url}/jobs/${id}/${name}`)).text());
  const counters = [
    job.rowsProcessed,
    job.rowsRejected,
    job.departments,
    job.total,
    job.processedBytes,
    job.blankLines,
  ];
  return [...(await Promise.all(texts)).map((text) => text.replaceAll(id, 'ID')), counters.join(' ')];
}

/** How much of an upload its sender was told is safe, or was about to be told. */
function acknowledgedBytes(dataDir: string, id: string): number {
  const database = new DatabaseSync(join(dataDir, 'tallystream.db'));
  const row = database.prepare('SELECT acknowledged_bytes AS bytes FROM jobs WHERE id = ?').get(id);
  database.close();
  return Number(row?.['bytes']);
}

test(`${KILLS} kills of gateway, processor or both, some with the loss of bytes that were not synced, change no result`, async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const random = new Random(seed);
  const below = (limit: number) => random.next() % limit;
  await using undisturbed = await ServerProcess.start(SETTINGS);
  const expected: string[][] = [];
  for (const file of FILES) {
    const upload = await begin(file, { url: async () => undisturbed.url });
    while (!upload.isWhole) await upload.send(file.bytes.length);
    expected.push(await resultOf(undisturbed.url, upload.id));
  }

  await using server = new KilledServer(SETTINGS);
  const uploads = await Promise.all(FILES.map((file) => begin(file, server)));
  let kills = 0;
  const isKilling = () => kills < KILLS;
  const uploading = uploads.map(async (upload) => {
    // While there are kills the end is kept back, so that each of them hits something.
    const reserve = 64 * 1024;
    let sent = 0;
    while (!upload.isWhole) {
      const piece = Math.max(1, Math.floor(((upload.bytes.length - reserve) / KILLS) * (below(100) / 100)));
      sent += piece;
      if (isKilling() && sent > upload.bytes.length - reserve) await wait(5);
      else await upload.send(isKilling() ? piece : upload.bytes.length);
    }
  });
  const loseBytes = async (dataDir: string) => {
    if (below(3) > 0) return;
    for (const { id } of uploads) {
      const path = join(dataDir, 'spool', id);
      const file = await open(path, 'r+').catch(() => undefined);
      if (!file) continue;
      // Bytes that were synced are on the disk, whatever happens to the machine.
      const synced = acknowledgedBytes(dataDir, id);
      await file.truncate(synced + below((await stat(path)).size - synced + 1));
      await file.close();
    }
  };
  let processorsInARow = 0;
  while (isKilling()) {
    // Some kills come before there is a checkpoint, some behind one.
    if (below(2) === 0) await server.covered();
    await wait(below(100));
    // Three in a row might take a job for what ends its processors.
    const kind = processorsInARow === 2 ? below(2) : below(3);
    processorsInARow = kind === 2 ? processorsInARow + 1 : 0;
    if (kind !== 0) await server.killProcessor();
    if (kind !== 2) await server.killGateway(loseBytes);
    kills++;
  }
  await Promise.all(uploading);
  for (const [index, { id }] of uploads.entries()) {
    const actual = await resultOf(await server.url(), id);
    expect(actual, `${FILES[index]?.filename}, SEED=${seed}`).toEqual(expected[index]);
  }
  expect(await server.resumes()).toBeGreaterThan(0);
}, 240_000);

for (const killed of ['gateway', 'processor'] as const) {
  test(`after a kill of the ${killed} no byte is sent again that a checkpoint covers`, async () => {
    const [file] = FILES;
    await using target = new KilledServer(SETTINGS);
    const upload = await begin(file!, target);
    const half = Math.floor(upload.bytes.length / 2);
    await upload.send(half);
    const before = await target.current;
    // The upload stands still: the next checkpoint covers all of it.
    await watchJob(before.url, upload.id, ({ processedBytes }) => processedBytes === BigInt(half));
    while ((await metric(before.url, 'tallystream_unsaved_bytes')) > 0) await wait(10);
    const sentBefore = await metric(before.url, 'tallystream_processed_bytes_total');
    if (killed === 'gateway') await target.killGateway();
    else {
      await target.killProcessor();
      // Bytes that the gateway sent before it knew would rightly be sent again.
      while ((await metric(before.url, 'tallystream_analyses_broken_off_total')) === 0) await wait(10);
    }
    while (!upload.isWhole) await upload.send(upload.bytes.length);
    const { url } = await target.current;
    expect((await endedJob(url, upload.id)).state).toBe(JobState.SUCCEEDED);
    const sent = await metric(url, 'tallystream_processed_bytes_total');
    expect(sent - (killed === 'gateway' ? 0 : sentBefore)).toBe(upload.bytes.length - half);
    expect(await metric(url, 'tallystream_resumed_bytes_total')).toBe(half);
  });
}
