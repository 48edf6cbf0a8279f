import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { createIdleJobs, IdleGateway } from '../../../test/support/idle-jobs.ts';
import { TallyError } from '../../errors.ts';
import type { DiskSpool } from '../spool/spool.ts';
import type { JobStore } from '../store/job-store.ts';
import type { Jobs } from './jobs.ts';

const NEW_JOB = { filename: 'a.csv', sizeBytes: 4, options: undefined, isGzip: false, isResumable: true, owner: '' };
let gateway: IdleGateway;
let store: JobStore;
let spool: DiskSpool;
let jobs: Jobs;

beforeEach(async () => {
  gateway = await IdleGateway.open();
  ({ store, spool, jobs } = gateway);
});
afterEach(() => gateway[Symbol.asyncDispose]());

test('a job that cannot be kept leaves nothing: nobody knows its name', async () => {
  store.put = () => Promise.reject(new TallyError('DISK_FULL', 'full'));
  await expect(jobs.create(NEW_JOB)).rejects.toMatchObject({ code: 'DISK_FULL' });
  expect(jobs.countByState()).toEqual({});
  expect(await readdir(spool.directory)).toEqual([]);
});

test('an upload that the disk has lost cannot be tried again with what is left of it', async () => {
  const { id } = await jobs.create(NEW_JOB);
  await jobs.append(id, 0, Readable.from([Buffer.from('a,1\n')]));
  spool.complete = () => Promise.reject(new TallyError('STORAGE_FAILED', 'lost'));
  await expect(jobs.uploadFinished(id)).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  expect((await jobs.get(id)).job).toMatchObject({ state: JobState.FAILED, error: { code: 'STORAGE_FAILED' } });
  await expect(jobs.retry(id, undefined)).rejects.toMatchObject({ code: 'UPLOAD_GONE' });
});

/** Lets no job be stored until the returned function is called. */
function fillDisk(): () => void {
  const { put } = store;
  store.put = () => Promise.reject(new TallyError('DISK_FULL', 'full'));
  return () => {
    store.put = put;
  };
}

test('an upload that is whole counts as such, though its record cannot be kept for want of room', async () => {
  const { id } = await jobs.create(NEW_JOB);
  await jobs.append(id, 0, Readable.from([Buffer.from('a,1\n')]));
  const makeRoom = fillDisk();
  expect((await jobs.uploadFinished(id)).state).toBe(JobState.QUEUED);
  expect(await spool.length(id)).toBe(4);
  expect(jobs.unstoredCount).toBe(1);
  makeRoom();
  await jobs.close();
  expect((await store.get(id))?.job.state).toBe(JobState.QUEUED);
});

test('a job whose end cannot be stored has ended all the same: it can be canceled, retried and deleted', async () => {
  const { id } = await jobs.create(NEW_JOB);
  await jobs.append(id, 0, Readable.from([Buffer.from('a,1\n')]));
  await jobs.uploadFinished(id);
  const makeRoom = fillDisk();
  expect((await jobs.cancel(id)).state).toBe(JobState.CANCELED);
  expect((await store.get(id))?.job.state).toBe(JobState.QUEUED);
  expect((await jobs.get(id)).job.state).toBe(JobState.CANCELED);
  const listed = await jobs.list({ pageSize: 10, pageToken: '', states: [], owner: undefined });
  expect(listed.jobs.map(({ state }) => state)).toEqual([JobState.CANCELED]);
  expect(await jobs.removeUnneededUpload(id)).toBe(false);
  expect((await jobs.retry(id, undefined)).state).toBe(JobState.QUEUED);
  expect((await jobs.cancel(id)).state).toBe(JobState.CANCELED);
  const { delete: remove } = store;
  store.delete = () => Promise.reject(new TallyError('DISK_FULL', 'full'));
  await expect(jobs.delete(id)).rejects.toMatchObject({ code: 'DISK_FULL' });
  expect((await jobs.get(id)).job.state).toBe(JobState.CANCELED);
  store.delete = remove;
  await jobs.delete(id);
  expect(await jobs.find(id)).toBeUndefined();
  makeRoom();
  await jobs.close();
  expect(await store.get(id)).toBeUndefined();
});

test('a running job that cannot be deleted is stopped', async () => {
  const { id } = await jobs.create(NEW_JOB);
  const { delete: remove } = store;
  store.delete = () => Promise.reject(new TallyError('DISK_FULL', 'full'));
  await expect(jobs.delete(id)).rejects.toMatchObject({ code: 'DISK_FULL' });
  expect((await jobs.get(id)).job).toMatchObject({ state: JobState.CANCELED, uploadUrl: '' });
  store.delete = remove;
  await jobs.delete(id);
  expect(await jobs.find(id)).toBeUndefined();
});

test('a job that cannot be taken up again at the start fails, and the server starts', async () => {
  const [first, second] = [await jobs.create(NEW_JOB), await jobs.create(NEW_JOB)];
  await jobs.close();
  gateway.jobs = createIdleJobs(store, spool);
  const { length } = spool;
  spool.length = async (id) => {
    if (id === first.id) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    return await length.call(spool, id);
  };
  await gateway.jobs.recover();
  expect((await gateway.jobs.get(first.id)).job).toMatchObject({ error: { code: 'STORAGE_FAILED' } });
  expect((await gateway.jobs.get(second.id)).job.state).toBe(JobState.UPLOADING);
});

test('a job is tried again only when nothing is left to do of the try before', async () => {
  const { id } = await jobs.create(NEW_JOB);
  await jobs.append(id, 0, Readable.from([Buffer.from('a,1\n')]));
  const isDropping = Promise.withResolvers<void>();
  const dropped = Promise.withResolvers<void>();
  const { dropResult, get } = store;
  let isLeft = false;
  store.dropResult = async (resultId) => {
    isDropping.resolve();
    await dropped.promise;
    await dropResult(resultId);
    isLeft = true;
  };
  const { complete, length } = spool;
  spool.complete = () => Promise.reject(new TallyError('DISK_FULL', 'full'));
  await expect(jobs.uploadFinished(id)).rejects.toMatchObject({ code: 'DISK_FULL' });
  spool.complete = complete;
  await isDropping.promise;
  const isFound = Promise.withResolvers<void>();
  store.get = async (name) => {
    const record = await get(name);
    isFound.resolve();
    return record;
  };
  let wasLeft = false;
  spool.length = async (name) => {
    wasLeft = isLeft;
    return await length.call(spool, name);
  };
  const retrying = jobs.retry(id, undefined);
  await isFound.promise;
  // A retry that does not wait looks for the file now.
  await new Promise((resolve) => setImmediate(resolve));
  dropped.resolve();
  expect((await retrying).state).toBe(JobState.QUEUED);
  expect(wasLeft).toBe(true);
});

test('a job ends after its beginning, though the clock of the machine is set back', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 2_000_000_000_000 });
  try {
    const { id } = await jobs.create(NEW_JOB);
    vi.setSystemTime(1_000_000_000_000);
    const { createTime, finishTime } = await jobs.cancel(id);
    expect(Number(finishTime?.seconds)).toBeGreaterThanOrEqual(Number(createTime?.seconds));
  } finally {
    vi.useRealTimers();
  }
});

test('jobs that are closed take no new work', async () => {
  await jobs.close();
  await expect(jobs.create(NEW_JOB)).rejects.toMatchObject({ code: 'STOPPING' });
  expect(await readdir(spool.directory)).toEqual([]);
});

test('a job that ends while others are looked up is among them', async () => {
  const [running, other] = [await jobs.create(NEW_JOB), await jobs.create(NEW_JOB)];
  await jobs.cancel(other.id);
  const { some } = store;
  store.some = async (...question) => {
    const answer = await some(...question);
    await jobs.cancel(running.id);
    return answer;
  };
  const found = await jobs.some([running.id, 'none', other.id], { lane: 'a caller' });
  expect(found.map(({ job }) => [job.id, job.state])).toEqual([
    [running.id, JobState.CANCELED],
    [other.id, JobState.CANCELED],
  ]);
  store.some = some;
});
