import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { removeOldJobs } from './janitor.ts';
import type { Jobs } from './jobs.ts';

const DAY_MS = 86_400_000;
const NOW = 100 * DAY_MS;

test('only jobs that ended before the retention are removed, over all pages', async () => {
  const at = (days: number) => timestampFromMs(days * DAY_MS);
  const all = [
    create(JobSchema, { id: 'old', state: JobState.SUCCEEDED, createTime: at(10), finishTime: at(69) }),
    create(JobSchema, { id: 'old-failed', state: JobState.FAILED, createTime: at(10), finishTime: at(60) }),
    create(JobSchema, { id: 'recent', state: JobState.SUCCEEDED, createTime: at(10), finishTime: at(71) }),
    create(JobSchema, { id: 'running', state: JobState.UPLOADING, createTime: at(1) }),
  ];
  const deleted: string[] = [];
  const jobs = {
    list: async ({ pageToken }: { pageToken: string }) => {
      const index = Number(pageToken || 0);
      return { jobs: all.slice(index, index + 1), nextPageToken: index + 1 < all.length ? String(index + 1) : '' };
    },
    delete: async (id: string) => void deleted.push(id),
  } as unknown as Jobs;
  expect(await removeOldJobs(jobs, 30, NOW)).toBe(2);
  expect(deleted).toEqual(['old', 'old-failed']);
});
