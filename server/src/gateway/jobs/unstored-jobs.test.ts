import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import { TallyError } from '../../errors.ts';
import { createLog } from '../../log.ts';
import type { JobRecord } from '../job-record.ts';
import { UnstoredJobs } from './unstored-jobs.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function record(id: string): JobRecord {
  const job = create(JobSchema, { id });
  return { job, isGzip: false, isResumable: true, acknowledgedBytes: 0, owner: '', resultId: 0 };
}

/** A store that is full until told otherwise. */
function fullStore() {
  const stored: string[] = [];
  const store = {
    isFull: true,
    stored,
    async put({ job }: JobRecord) {
      if (store.isFull) throw new TallyError('DISK_FULL', 'full');
      stored.push(job.id);
    },
  };
  return store;
}

test('jobs are stored once there is room, and whoever waits for that is told', async () => {
  const store = fullStore();
  const unstored = new UnstoredJobs(store, createLog('silent', 'test'));
  const [a, b] = [record('a'), record('b')];
  expect((await unstored.put(a))?.code).toBe('DISK_FULL');
  await unstored.put(b);
  const told: string[] = [];
  unstored.whenStored('a', () => told.push('a'));
  unstored.whenStored('c', () => told.push('c'));
  expect(told).toEqual(['c']);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(unstored.get('a')).toBe(a);
  store.isFull = false;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(store.stored).toEqual(['a', 'b']);
  expect([unstored.size, told]).toEqual([0, ['c', 'a']]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(store.stored).toEqual(['a', 'b']);
});

test('a job that is removed is not stored any more', async () => {
  const store = fullStore();
  const unstored = new UnstoredJobs(store, createLog('silent', 'test'));
  await unstored.put(record('a'));
  unstored.remove('a');
  store.isFull = false;
  await vi.advanceTimersByTimeAsync(60_000);
  await unstored.close();
  expect(store.stored).toEqual([]);
});
