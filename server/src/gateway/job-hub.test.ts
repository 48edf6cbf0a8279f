import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { intervalMs, JobHub, type JobNews } from './job-hub.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const job = (id: string, rows = 0n) => create(JobSchema, { id, rowsProcessed: rows });

/** Follows a hub and keeps what comes, with the time of the fake clock. */
function follow(hub: JobHub, ids?: string[]) {
  const stop = new AbortController();
  const seen: { at: number; news: JobNews }[] = [];
  const start = Date.now();
  const done = (async () => {
    for await (const news of hub.watch(ids && new Set(ids), stop.signal)) seen.push({ at: Date.now() - start, news });
  })();
  return { seen, stop: () => stop.abort(), done };
}

test('the first change is told at once, then at most ten a second, and the last is never lost', async () => {
  const hub = new JobHub();
  const { seen, stop, done } = follow(hub);
  for (let rows = 1n; rows <= 200n; rows++) {
    hub.publish(job('a', rows));
    await vi.advanceTimersByTimeAsync(5);
  }
  await vi.advanceTimersByTimeAsync(200);
  stop();
  await done;
  expect(seen[0]?.at).toBeLessThan(5);
  expect(seen.length).toBeGreaterThanOrEqual(9);
  expect(seen.length).toBeLessThanOrEqual(12);
  expect(seen.at(-1)?.news).toMatchObject({ kind: 'job', job: { rowsProcessed: 200n } });
});

test('who watches some jobs hears of no others, and of deletion', async () => {
  const hub = new JobHub();
  const { seen, stop, done } = follow(hub, ['a']);
  hub.publish(job('a'));
  hub.publish(job('b'));
  await vi.advanceTimersByTimeAsync(150);
  hub.publishDeleted('b');
  hub.publishDeleted('a');
  await vi.advanceTimersByTimeAsync(150);
  stop();
  await done;
  expect(seen.map(({ news }) => news.kind)).toEqual(['job', 'deleted']);
});

test('silence is broken by heartbeats', async () => {
  const hub = new JobHub();
  const { seen, stop, done } = follow(hub);
  await vi.advanceTimersByTimeAsync(50_000);
  stop();
  await done;
  expect(seen.map(({ news }) => news.kind)).toEqual(['heartbeat', 'heartbeat', 'heartbeat']);
});

test('what happens between the call and the first look is not missed', async () => {
  const hub = new JobHub();
  const stop = new AbortController();
  const watching = hub.watch(undefined, stop.signal);
  hub.publish(job('early'));
  expect((await watching.next()).value).toMatchObject({ kind: 'job', job: { id: 'early' } });
  stop.abort();
  await vi.advanceTimersByTimeAsync(200);
  expect((await watching.next()).done).toBe(true);
});

test('a few watchers hear ten times a second, and many together a bounded number of messages', () => {
  expect([1, 10].map(intervalMs)).toEqual([100, 100]);
  expect(intervalMs(50)).toBe(500);
  for (const watchers of [100, 200]) expect((watchers * 1000) / intervalMs(watchers)).toBeLessThanOrEqual(100);
  expect(intervalMs(10_000)).toBe(2000);
});

test('that a job has ended is told at once, however many watch', async () => {
  const hub = new JobHub();
  const watchers = Array.from({ length: 50 }, () => follow(hub));
  hub.publish(job('a', 1n));
  await vi.advanceTimersByTimeAsync(50);
  hub.publish(create(JobSchema, { id: 'a', state: JobState.SUCCEEDED }));
  await vi.advanceTimersByTimeAsync(0);
  for (const { seen } of watchers) {
    expect(seen.map(({ at }) => at)).toEqual([0, 50]);
    expect(seen.at(-1)?.news).toMatchObject({ job: { state: JobState.SUCCEEDED } });
  }
  for (const { stop } of watchers) stop();
  await Promise.all(watchers.map(({ done }) => done));
});
