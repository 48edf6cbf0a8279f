import { expect, test } from 'vitest';
import { BoundedWrites } from './bounded-writes.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('settle waits also for a write that an add waits for', async () => {
  const writes = new BoundedWrites();
  const slow = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const adding = slow.map(({ promise }) => writes.add(promise));
  let isSettled = false;
  const settling = writes.settle().then(() => (isSettled = true));
  for (const { resolve } of slow.slice(1)) resolve();
  await turn();
  expect(isSettled).toBe(false);
  slow[0]?.resolve();
  await Promise.all([...adding, settling]);
});

test('a failed write rejects settle and the next add, also after it is done', async () => {
  const writes = new BoundedWrites();
  await expect(writes.add(Promise.reject(new Error('full')))).resolves.toBeUndefined();
  await turn();
  await expect(writes.settle()).rejects.toThrow('full');
  await expect(writes.add(Promise.resolve())).rejects.toThrow('full');
  await writes.idle();
});

test('no more than four run at once', async () => {
  const writes = new BoundedWrites();
  const slow = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  for (const { promise } of slow.slice(0, 3)) await writes.add(promise);
  let isAdded = false;
  const adding = writes.add(slow[3]?.promise ?? Promise.resolve()).then(() => (isAdded = true));
  await turn();
  expect(isAdded).toBe(false);
  slow[0]?.resolve();
  await adding;
  for (const { resolve } of slow) resolve();
});
