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

const job = (id: string, rows = 0n, owner = '') => ({ job: create(JobSchema, { id, rowsProcessed: rows }), owner });

/** Follows a hub and keeps what comes, with the time of the fake clock. */
function follow(hub: JobHub, ids?: string[], owner?: string) {
  const stop = new AbortController();
  const seen: { at: number; news: JobNews }[] = [];
  const start = Date.now();
  const done = (async () => {
    for await (const news of hub.watch({ ids: ids && new Set(ids), owner }, stop.signal))
      seen.push({ at: Date.now() - start, news });
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
  hub.publishDeleted(job('b'));
  hub.publishDeleted(job('a'));
  await vi.advanceTimersByTimeAsync(150);
  stop();
  await done;
  expect(seen.map(({ news }) => news.kind)).toEqual(['job', 'deleted']);
});

test('who watches the jobs of an owner hears of nobody else, even by name', async () => {
  const hub = new JobHub();
  const [all, named] = [follow(hub, undefined, 'me'), follow(hub, ['mine', 'theirs', 'nobodys'], 'me')];
  for (const publish of [hub.publish.bind(hub), hub.publishDeleted.bind(hub)]) {
    publish(job('theirs', 0n, 'you'));
    publish(job('nobodys', 0n, ''));
    publish(job('mine', 0n, 'me'));
    await vi.advanceTimersByTimeAsync(150);
  }
  for (const { seen, stop, done } of [all, named]) {
    stop();
    await done;
    expect(seen.map(({ news }) => news)).toMatchObject([
      { kind: 'job', job: { id: 'mine' } },
      { kind: 'deleted', id: 'mine' },
    ]);
  }
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
  const watching = hub.watch({ ids: undefined, owner: undefined }, stop.signal);
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
  hub.publish({ job: create(JobSchema, { id: 'a', state: JobState.SUCCEEDED }), owner: '' });
  await vi.advanceTimersByTimeAsync(0);
  for (const { seen } of watchers) {
    expect(seen.map(({ at }) => at)).toEqual([0, 50]);
    expect(seen.at(-1)?.news).toMatchObject({ job: { state: JobState.SUCCEEDED } });
  }
  for (const { stop } of watchers) stop();
  await Promise.all(watchers.map(({ done }) => done));
});

test('news of a job that changes while a watcher is slow take the place of those it has not read', async () => {
  const hub = new JobHub();
  const stop = new AbortController();
  const news = hub.watch({ ids: undefined, owner: undefined }, stop.signal);
  for (const id of ['a', 'b', 'c']) hub.publish(job(id, 1n));
  const first = await news.next();
  expect(first.value).toMatchObject({ job: { id: 'a' } });
  hub.publish(job('c', 2n));
  const rest = [await news.next(), await news.next()];
  expect(rest.map(({ value }) => value)).toMatchObject([{ job: { id: 'b' } }, { job: { id: 'c', rowsProcessed: 2n } }]);
  stop.abort();
  expect((await news.next()).done).toBe(true);
});

test('a job that changes more often than anybody reads costs no more for it', async () => {
  const hub = new JobHub();
  const stop = new AbortController();
  let looks = 0;
  const wanted = {
    owner: undefined,
    get ids() {
      looks++;
      return undefined;
    },
  };
  const watchers = Array.from({ length: 10 }, () => hub.watch(wanted, stop.signal));
  const record = job('a');
  for (let piece = 0; piece < 1_000; piece++) hub.publish(record);
  expect(looks).toBe(watchers.length);
  const told = await Promise.all(watchers.map((watcher) => watcher.next()));
  // The same object for all, which is serialised once.
  expect(new Set(told.map(({ value }) => value)).size).toBe(1);
  record.job.state = JobState.SUCCEEDED;
  const ended = watchers.map((watcher) => watcher.next());
  hub.publish(record);
  expect(await Promise.all(ended)).toMatchObject(
    watchers.map(() => ({ value: { job: { state: JobState.SUCCEEDED } } })),
  );
  stop.abort();
});

test('who comes after a change that nobody has read hears of the next one', async () => {
  const hub = new JobHub();
  const stop = new AbortController();
  hub.watch({ ids: undefined, owner: undefined }, stop.signal);
  const record = job('a');
  hub.publish(record);
  const late = hub.watch({ ids: undefined, owner: undefined }, stop.signal);
  hub.publish(record);
  expect((await late.next()).value).toMatchObject({ kind: 'job', job: { id: 'a' } });
  stop.abort();
});
