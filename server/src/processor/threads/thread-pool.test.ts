import { afterEach, expect, test } from 'vitest';
import { DEFAULT_ANALYSIS_OPTIONS } from '../../../../kernel/testing/default-options.ts';
import { createLog } from '../../log.ts';
import { ThreadPool } from './thread-pool.ts';

const NEVER = new AbortController().signal;
const FILE = Buffer.from('Department Name,Date,Number of Sales\nBooks,2026-01-01,3\nToys,2026-01-01,4\n');
const pools: ThreadPool[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function createPool(size: number): ThreadPool {
  const pool = new ThreadPool({ size, log: createLog('silent', 'test') });
  pools.push(pool);
  return pool;
}

async function begin(pool: ThreadPool) {
  const job = await pool.acquire(
    { async onConsumed() {}, onFailed() {}, idleMs: () => 0, onTaken() {} },
    'somebody',
    NEVER,
  );
  job.open(DEFAULT_ANALYSIS_OPTIONS);
  return job;
}

test('a pool begins with one thread, starts others while all have work, and never more than it may', async () => {
  const pool = createPool(3);
  expect(pool.threadCount).toBe(1);
  const jobs = [];
  for (const threads of [1, 2, 3, 3, 3]) {
    jobs.push(await begin(pool));
    expect(pool.threadCount).toBe(threads);
  }
  for (const job of jobs) expect(job.write(FILE)).toBe(FILE.length);
  const finished = await Promise.all(jobs.map((job) => job.finish(10)));
  expect(finished.map(({ snapshot }) => [snapshot.rows, snapshot.total])).toEqual(jobs.map(() => [2, 7_000_000n]));
});

test('a thread without work is used again before another one is started', async () => {
  const pool = createPool(3);
  const first = await begin(pool);
  await begin(pool);
  expect(pool.threadCount).toBe(2);
  first.close();
  await begin(pool);
  expect(pool.threadCount).toBe(2);
  await begin(pool);
  expect(pool.threadCount).toBe(3);
});
