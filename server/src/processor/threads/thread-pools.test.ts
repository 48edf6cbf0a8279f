import { afterEach, expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import { OUTSIDE_HEADER } from '../../process-csv/outside-header.ts';
import { ThreadPools } from './thread-pools.ts';

const pools: ThreadPools[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function createPools(size: number, isPrivate: boolean): ThreadPools {
  const created = new ThreadPools({ size, isPrivate, log: createLog('silent', 'test'), checkpointKey: '' });
  pools.push(created);
  return created;
}

async function begin(from: ThreadPools, headers: Record<string, string>) {
  const events = { async onConsumed() {}, onFailed() {}, idleMs: () => 0, onTaken() {} };
  return await from.for(headers).acquire(events, 'somebody', new AbortController().signal);
}

test('calls from outside have threads of their own, half as many, which start when there are such calls', async () => {
  const own = createPools(4, true);
  for (let job = 0; job < 8; job++) await begin(own, {});
  expect(own.threadCount).toBe(4);
  for (let call = 0; call < 8; call++) await begin(own, { [OUTSIDE_HEADER]: '1' });
  expect(own.threadCount).toBe(6);
  expect(own.jobCount).toBe(16);
});

test('a processor that belongs to no gateway does not care what a call says of itself', async () => {
  const open = createPools(2, false);
  expect(open.for({ [OUTSIDE_HEADER]: '1' })).toBe(open.for({}));
});
