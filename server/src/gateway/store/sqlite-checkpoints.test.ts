import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { RejectReason, RejectSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { totalsBatch } from '../../../test/support/totals-batch.ts';
import type { JobStore } from './job-store.ts';
import { openSqliteJobStore } from './sqlite-job-store.ts';

const READER = { lane: 'a caller' };

let folder: string;
let store: JobStore;
let resultId: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-store-'));
  store = await openSqliteJobStore(join(folder, 'a.db'));
  await putJob(JobState.UPLOADING);
  resultId = await store.beginResult('job');
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function putJob(state: JobState): Promise<void> {
  await store.put({
    job: create(JobSchema, { id: 'job', state }),
    isGzip: false,
    isResumable: true,
    acknowledgedBytes: 0,
    owner: '',
    resultId: 0,
  });
}

function checkpoint(bytes: number, ...parts: string[]) {
  const state = parts.map((part) => Uint8Array.from(Buffer.from(part)));
  return { jobId: 'job', resultId, bytes, uploadBytes: bytes, lastRejectOffset: 20, state };
}

function reject(byteOffset: bigint) {
  return create(RejectSchema, { line: 1n, byteOffset, reason: RejectReason.EMPTY_AMOUNT, raw: 'x' });
}

test('a checkpoint comes back as it was, in its parts, and takes the place of the one before', async () => {
  await store.putCheckpoint(checkpoint(10, 'one', 'two', 'three'));
  await store.putCheckpoint(checkpoint(30, 'four', 'five'));
  expect(await store.checkpoint('job')).toEqual(checkpoint(30, 'four', 'five'));
  expect(await store.checkpoint('other')).toBeUndefined();
});

test('it lives through a restart with its result, which nothing else would keep', async () => {
  await store.addRejects(resultId, [reject(5n)]);
  await store.putCheckpoint(checkpoint(10, 'state'));
  const forgotten = await store.beginResult('job');
  await store.close();
  store = await openSqliteJobStore(join(folder, 'a.db'));
  expect(await store.checkpoint('job')).toEqual(checkpoint(10, 'state'));
  expect((await store.listRejects(resultId, { reasons: [], pageSize: 10, pageToken: '' }, READER)).totalSize).toBe(1);
  await expect(store.listRejects(forgotten, { reasons: [], pageSize: 10, pageToken: '' }, READER)).rejects.toThrow(
    'no longer exists',
  );
});

test('it goes with its result, and with the end of its job', async () => {
  await store.putCheckpoint(checkpoint(10, 'state'));
  await store.dropResult(resultId);
  expect(await store.checkpoint('job')).toBeUndefined();
  resultId = await store.beginResult('job');
  await store.putCheckpoint(checkpoint(10, 'state'));
  await putJob(JobState.CANCELED);
  expect(await store.checkpoint('job')).toBeUndefined();
});

test('what comes for a result that was dropped is forgotten', async () => {
  await store.dropResult(resultId);
  await store.putCheckpoint(checkpoint(10, 'state'));
  await store.addRejects(resultId, [reject(5n)]);
  await store.addTotals(resultId, totalsBatch([{ department: 'a', sum: '1', min: '1', max: '1', mean: '1' }]));
  expect(await store.checkpoint('job')).toBeUndefined();
});

test('a result that is brought back to a checkpoint has the rejected rows up to there, and no totals', async () => {
  await store.addRejects(resultId, [reject(5n), reject(20n), reject(21n), reject(40n)]);
  await store.addTotals(resultId, totalsBatch([{ department: 'a', sum: '1', min: '1', max: '1', mean: '1' }]));
  await store.rewindResult(resultId, 20);
  const { rejects } = await store.listRejects(resultId, { reasons: [], pageSize: 10, pageToken: '' }, READER);
  expect(rejects.map(({ byteOffset }) => byteOffset)).toEqual([5n, 20n]);
  const all = { orderBy: 'department', descending: false, search: '', keys: [], pageSize: 10, pageToken: '' } as const;
  expect((await store.listTotals(resultId, all, READER)).totalSize).toBe(0);
});

test('one that covers more of the upload than there is goes with its result; one that does not stays', async () => {
  await store.putCheckpoint(checkpoint(10, 'state'));
  await store.dropCheckpointBeyond('job', 10);
  expect(await store.checkpoint('job')).toEqual(checkpoint(10, 'state'));
  await store.dropCheckpointBeyond('job', 9);
  expect(await store.checkpoint('job')).toBeUndefined();
  await expect(store.listRejects(resultId, { reasons: [], pageSize: 10, pageToken: '' }, READER)).rejects.toThrow(
    'no longer exists',
  );
});
