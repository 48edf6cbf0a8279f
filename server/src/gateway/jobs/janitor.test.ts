import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Job, JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { CsvOptionsSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { createIdleJobs, IdleGateway } from '../../../test/support/idle-jobs.ts';
import type { DiskSpool } from '../spool/spool.ts';
import type { JobStore } from '../store/job-store.ts';
import { failAbandonedUploads, removeOldJobs, removeUnneededFiles } from './janitor.ts';
import type { Jobs } from './jobs.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = 100 * DAY_MS;
const at = (days: number) => timestampFromMs(days * DAY_MS);

let gateway: IdleGateway;
let store: JobStore;
let spool: DiskSpool;
let jobs: Jobs;

beforeEach(async () => {
  gateway = await IdleGateway.open();
  ({ store, spool, jobs } = gateway);
});
afterEach(() => gateway[Symbol.asyncDispose]());

interface Given {
  id: string;
  state: JobState;
  /** Days since 1970. */
  created?: number;
  finished?: number;
  isWhole?: boolean;
  isResumable?: boolean;
  isKept?: boolean;
}

const FILE = 'a,b\n';

async function putJob({
  id,
  state,
  created = 50,
  finished,
  isWhole,
  isResumable = true,
  isKept = false,
}: Given): Promise<void> {
  const job = create(JobSchema, {
    id,
    state,
    createTime: at(created),
    ...(finished !== undefined && { finishTime: at(finished) }),
    ...(isWhole && {
      uploadFinishTime: at(created),
      sizeBytes: BigInt(FILE.length),
      receivedBytes: BigInt(FILE.length),
    }),
    fileKept: isKept,
    uploadUrl: isResumable && state === JobState.UPLOADING ? `/uploads/${id}` : '',
  });
  await store.put({ job, isGzip: false, isResumable, acknowledgedBytes: 0, owner: '', resultId: 0 });
}

async function putFile(id: string, writtenMs: number): Promise<void> {
  await writeFile(spool.path(id), FILE);
  await utimes(spool.path(id), writtenMs / 1000, writtenMs / 1000);
}

const filesLeft = async () => (await readdir(spool.directory)).sort();
const stateOf = async (id: string): Promise<Job> => (await jobs.get(id)).job;

test('only jobs that ended before the retention are removed, over all pages', async () => {
  for (let index = 0; index < 250; index++) {
    await putJob({ id: `old-${index}`, state: JobState.SUCCEEDED, created: 10, finished: 69 });
  }
  await putJob({ id: 'old-failed', state: JobState.FAILED, created: 10, finished: 60 });
  await putJob({ id: 'recent', state: JobState.SUCCEEDED, created: 10, finished: 71 });
  await putJob({ id: 'uploading', state: JobState.UPLOADING, created: 1 });
  await putFile('old-failed', 10 * DAY_MS);
  expect(await removeOldJobs(jobs, 30, NOW)).toBe(251);
  const left = await jobs.list({ pageSize: 1000, pageToken: '', states: [], owner: undefined });
  expect(left.jobs.map(({ id }) => id)).toEqual(['recent', 'uploading']);
  expect(await filesLeft()).toEqual([]);
});

test('an upload that is past its time and got no byte for a day fails, and its file goes', async () => {
  await putJob({ id: 'abandoned', state: JobState.UPLOADING, created: 92 });
  await putFile('abandoned', NOW - DAY_MS - 1000);
  await putJob({ id: 'slow', state: JobState.UPLOADING, created: 92 });
  await putFile('slow', NOW - DAY_MS + 1000);
  await putJob({ id: 'paused', state: JobState.UPLOADING, created: 94 });
  await putFile('paused', 94 * DAY_MS);
  await putJob({ id: 'whole', state: JobState.QUEUED, created: 50, isWhole: true });
  await putFile('whole', 50 * DAY_MS);
  await jobs.recover();
  expect(await failAbandonedUploads(jobs, spool, NOW)).toBe(1);
  expect(await stateOf('abandoned')).toMatchObject({
    state: JobState.FAILED,
    error: { code: 'UPLOAD_INTERRUPTED', message: expect.stringContaining('7 days') },
  });
  expect(await filesLeft()).toEqual(['paused', 'slow', 'whole']);
  for (const id of ['slow', 'paused']) expect((await stateOf(id)).state).toBe(JobState.UPLOADING);
  expect(await failAbandonedUploads(jobs, spool, NOW)).toBe(0);
});

async function putEveryKindOfFile({ isKept = false } = {}): Promise<void> {
  await putJob({ id: 'succeeded', state: JobState.SUCCEEDED, finished: 50, isWhole: true, isKept });
  await putJob({ id: 'canceled-early', state: JobState.CANCELED, finished: 50 });
  await putJob({ id: 'canceled-late', state: JobState.CANCELED, finished: 50, isWhole: true });
  await putJob({ id: 'failed-early', state: JobState.FAILED, finished: 50, isResumable: false });
  await putJob({ id: 'failed-early-by-tus', state: JobState.FAILED, finished: 50 });
  await putJob({ id: 'failed-late', state: JobState.FAILED, finished: 50, isWhole: true, isResumable: false });
  await putJob({ id: 'uploading', state: JobState.UPLOADING });
  await putJob({ id: 'queued', state: JobState.QUEUED, isWhole: true });
  for (const { id } of (await jobs.list({ pageSize: 100, pageToken: '', states: [], owner: undefined })).jobs) {
    await putFile(id, 50 * DAY_MS);
  }
  await putFile('of-no-job', NOW - HOUR_MS - 1000);
  await putFile('of-no-job-yet', NOW - HOUR_MS + 1000);
  await mkdir(spool.path('folder'));
  await jobs.recover();
}

test('files that no job can use any more are removed, and all others stay', async () => {
  await putEveryKindOfFile();
  expect(await removeUnneededFiles(jobs, spool, NOW)).toBe(4);
  const needed = ['canceled-late', 'failed-early-by-tus', 'failed-late', 'queued', 'uploading'];
  expect(await filesLeft()).toEqual([...needed, 'folder', 'of-no-job-yet'].sort());
});

test('uploads that are to be kept after success stay', async () => {
  jobs = gateway.jobs = createIdleJobs(store, spool, 1e9);
  await putEveryKindOfFile({ isKept: true });
  await removeUnneededFiles(jobs, spool, NOW);
  expect(await filesLeft()).toContain('succeeded');
});

test('a job that is tried again in the same moment keeps its file', async () => {
  await putJob({ id: 'again', state: JobState.FAILED, finished: 50, isWhole: true });
  await putFile('again', 50 * DAY_MS);
  const [, removed] = await Promise.all([jobs.retry('again', undefined), removeUnneededFiles(jobs, spool, NOW)]);
  expect(removed).toBe(0);
  expect(await filesLeft()).toEqual(['again']);
  expect((await stateOf('again')).state).toBe(JobState.QUEUED);
});

test('when the jobs cannot be read, no file is taken for one of no job', async () => {
  await putFile('of-whom', 50 * DAY_MS);
  store.get = () => Promise.reject(new Error('the database is broken'));
  await expect(removeUnneededFiles(jobs, spool, NOW)).rejects.toThrow('broken');
  expect(await filesLeft()).toEqual(['of-whom']);
});

test('a file that a process before this one has left without a job is not waited for', async () => {
  await putFile('before', NOW - 2000);
  await putFile('since', NOW);
  expect(await removeUnneededFiles(jobs, spool, NOW, NOW - 1000)).toBe(1);
  expect(await filesLeft()).toEqual(['since']);
});

test('a question keeps the file of another job that it has just got, however old that is', async () => {
  await putJob({ id: 'asked', state: JobState.SUCCEEDED, finished: 99, isWhole: true, isKept: true });
  await putFile('asked', 50 * DAY_MS);
  jobs = gateway.jobs = createIdleJobs(store, spool, 1e9);
  await jobs.recover();
  const link = spool.link.bind(spool);
  let removal: Promise<boolean> | undefined;
  spool.link = async (from, id) => {
    await link(from, id);
    removal = jobs.removeUnneededUpload(id);
    await wait(50);
  };
  const { id } = await jobs.askAgain('asked', { options: create(CsvOptionsSchema), owner: '', filename: '' });
  expect(await removal).toBe(false);
  expect(await filesLeft()).toEqual(['asked', id].sort());
});
