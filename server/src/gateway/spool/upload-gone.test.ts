import { appendFile, rm, truncate } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { create } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type Job, JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { createIdleJobs, IdleGateway } from '../../../test/support/idle-jobs.ts';

const READER = { lane: 'a caller' };

const FILE = Buffer.from('Department,Sales\nBooks,1\nToys,2\n');
let gateway: IdleGateway;
/** Jobs that wait for a processor take seconds to stop: nothing else waits for them. */
const stopping: PromiseLike<void>[] = [];

beforeEach(async () => {
  gateway = await IdleGateway.open();
});
afterEach(() => void stopping.push(gateway[Symbol.asyncDispose]()));
afterAll(() => Promise.all(stopping));

async function createUpload(isResumable: boolean): Promise<string> {
  const sizeBytes = isResumable ? FILE.length : undefined;
  const options = { filename: 'a.csv', sizeBytes, options: undefined, isGzip: false, isResumable, owner: '' };
  return (await gateway.jobs.create(options)).id;
}

/** Sends a part of the file; by tus its sender is told how far it is. */
async function send(id: string, from: number, to = FILE.length): Promise<void> {
  await gateway.jobs.append(id, from, Readable.from([FILE.subarray(from, to)]));
  if (to === FILE.length) await gateway.jobs.uploadFinished(id);
  else await gateway.jobs.sync(id);
}

/** Ends the process and starts another one, which takes up what there is. */
async function restart(damage: () => Promise<void>): Promise<void> {
  stopping.push(gateway.jobs.close());
  await damage();
  gateway.jobs = createIdleJobs(gateway.store, gateway.spool);
  await gateway.jobs.recover();
}

const jobOf = async (id: string): Promise<Job> => (await gateway.jobs.get(id)).job;

const DAMAGES = [
  ['shorter', (path: string) => truncate(path, 20), [`received ${FILE.length} bytes`, 'disk holds 20:']],
  [
    'longer',
    (path: string) => appendFile(path, 'Toys,3\n'),
    [`received ${FILE.length} bytes`, `holds ${FILE.length + 7}:`],
  ],
  ['gone', (path: string) => rm(path), [`received ${FILE.length} bytes`, 'disk holds none of them']],
] as const;

for (const isResumable of [false, true]) {
  const how = isResumable ? 'by tus' : 'in one request';
  for (const [what, damage, words] of DAMAGES) {
    test(`an upload ${how} that was acknowledged and is ${what} at the next start fails, and cannot be tried again`, async () => {
      const id = await createUpload(isResumable);
      await send(id, 0);
      await restart(() => damage(gateway.spool.path(id)));
      const { state, error } = await jobOf(id);
      expect([state, error?.code]).toEqual([JobState.FAILED, 'UPLOAD_GONE']);
      for (const part of [...words, 'upload the file again']) expect(error?.message).toContain(part);
      await expect(gateway.jobs.retry(id, undefined)).rejects.toMatchObject({ code: 'UPLOAD_GONE' });
      expect((await jobOf(id)).state).toBe(JobState.FAILED);
    });

    test(`a canceled job whose upload ${how} is ${what} cannot be tried again; with its file it can`, async () => {
      const id = await createUpload(isResumable);
      await send(id, 0);
      await gateway.jobs.cancel(id);
      expect((await gateway.jobs.retry(id, undefined)).state).toBe(JobState.QUEUED);
      await gateway.jobs.cancel(id);
      await damage(gateway.spool.path(id));
      const reason = { code: 'UPLOAD_GONE', message: expect.stringContaining(words[0]) };
      await expect(gateway.jobs.retry(id, undefined)).rejects.toMatchObject(reason);
    });
  }
}

test('an upload by tus that has lost bytes of an answered part fails at the next start', async () => {
  const id = await createUpload(true);
  await send(id, 0, 25);
  await restart(() => truncate(gateway.spool.path(id), 24));
  const error = {
    code: 'UPLOAD_GONE',
    message: expect.stringMatching(/received 25 bytes of this file, but its disk holds 24:/),
  };
  expect(await jobOf(id)).toMatchObject({ state: JobState.FAILED, error });
});

test('an upload by tus that has lost bytes that nobody was told of goes on where it is', async () => {
  const id = await createUpload(true);
  await send(id, 0, 10);
  await gateway.jobs.append(id, 10, Readable.from([FILE.subarray(10, 25)]));
  await restart(() => truncate(gateway.spool.path(id), 12));
  expect((await jobOf(id)).state).toBe(JobState.UPLOADING);
  expect(await gateway.jobs.uploadLength(id)).toBe(12);
  await send(id, 12);
  expect((await jobOf(id)).state).toBe(JobState.QUEUED);
});

test('nothing stays of the result of an upload that is lost, however little of it was covered', async () => {
  const id = await createUpload(true);
  await send(id, 0, 25);
  const resultId = await gateway.store.beginResult(id);
  const checkpoint = { jobId: id, resultId, bytes: 10, uploadBytes: 10, lastRejectOffset: -1, state: [] };
  await gateway.store.putCheckpoint(checkpoint);
  await restart(() => truncate(gateway.spool.path(id), 20));
  const page = gateway.store.listRejects(resultId, { reasons: [], pageSize: 1, pageToken: '' }, READER);
  await expect(page).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
});

test('an upload by tus of which there is more than there should be fails at the next start', async () => {
  const id = await createUpload(true);
  await send(id, 0, 25);
  await restart(() => appendFile(gateway.spool.path(id), 'x'.repeat(100)));
  expect(await jobOf(id)).toMatchObject({ state: JobState.FAILED, error: { code: 'UPLOAD_GONE' } });
});

test('an upload that has lost answered bytes is refused when it goes on, and its job fails', async () => {
  const id = await createUpload(true);
  await send(id, 0, 25);
  await truncate(gateway.spool.path(id), 20);
  await expect(gateway.jobs.uploadLength(id)).rejects.toMatchObject({ code: 'UPLOAD_GONE' });
  expect(await jobOf(id)).toMatchObject({ state: JobState.FAILED, error: { code: 'UPLOAD_GONE' } });
});

test('an upload by tus that lost its end before anybody was told of it goes on where it is', async () => {
  const { jobs, store, spool } = gateway;
  const id = await createUpload(true);
  await send(id, 0, 20);
  await jobs.append(id, 20, Readable.from([FILE.subarray(20)]));
  // The process ends while the last bytes are on their way to the disk.
  const isQueued = Promise.withResolvers<void>();
  const { complete } = spool;
  spool.complete = async () => {
    isQueued.resolve();
    await new Promise(() => {});
  };
  void jobs.uploadFinished(id);
  await isQueued.promise;
  // Behind the bytes that the store was given before.
  expect((await store.get(id))?.job.state).toBe(JobState.QUEUED);
  spool.complete = complete;
  await truncate(spool.path(id), 22);
  const next = createIdleJobs(store, spool);
  await next.recover();
  expect((await next.get(id)).job).toMatchObject({ state: JobState.UPLOADING, receivedBytes: 22n });
  // The upload that still waits for the disk would keep the first from closing.
  gateway.jobs = next;
});

test('an upload whose file is cut before its end is told is never taken for whole', async () => {
  const id = await createUpload(false);
  await gateway.jobs.append(id, 0, Readable.from([FILE]));
  await truncate(gateway.spool.path(id), 20);
  await expect(gateway.jobs.uploadFinished(id)).rejects.toMatchObject({ code: 'UPLOAD_GONE' });
  expect(await jobOf(id)).toMatchObject({ state: JobState.FAILED, error: { code: 'UPLOAD_GONE' } });
});

test('a job that failed while its upload ran is tried again only with all that was acknowledged', async () => {
  const id = await createUpload(true);
  await send(id, 0, 25);
  const record = await gateway.jobs.get(id);
  stopping.push(gateway.jobs.close());
  await gateway.store.put({ ...record, job: create(JobSchema, { ...record.job, state: JobState.FAILED }) });
  gateway.jobs = createIdleJobs(gateway.store, gateway.spool);
  await truncate(gateway.spool.path(id), 20);
  await expect(gateway.jobs.retry(id, undefined)).rejects.toMatchObject({ code: 'UPLOAD_GONE' });
  await appendFile(gateway.spool.path(id), FILE.subarray(20, 27));
  expect(await gateway.jobs.retry(id, undefined)).toMatchObject({ state: JobState.UPLOADING, receivedBytes: 27n });
});
