import { expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const never = new AbortController().signal;

test('places go to who asked first', async () => {
  const queue = new FairQueue(1);
  const order: string[] = [];
  const first = await queue.acquire(never);
  const waiting = ['a', 'b', 'c'].map(async (name) => {
    const release = await queue.acquire(never);
    order.push(name);
    release();
  });
  expect(queue.isFull).toBe(true);
  first();
  await Promise.all(waiting);
  expect(order).toEqual(['a', 'b', 'c']);
  expect(queue.isFull).toBe(false);
});

test('who gives up leaves the line and keeps nobody waiting', async () => {
  const queue = new FairQueue(1);
  const first = await queue.acquire(never);
  const impatient = new AbortController();
  const given = queue.acquire(impatient.signal);
  const patient = queue.acquire(never);
  impatient.abort(new Error('too slow'));
  await expect(given).rejects.toThrow('too slow');
  first();
  (await patient)();
  expect(queue.isFull).toBe(false);
});

test('a place given back twice counts once', async () => {
  const queue = new FairQueue(1);
  const release = await queue.acquire(never);
  release();
  release();
  await queue.acquire(never);
  expect(queue.isFull).toBe(true);
});

test('who has given up before asking gets no place', async () => {
  const queue = new FairQueue(1);
  await expect(queue.acquire(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(queue.isFull).toBe(false);
});

test('the next place goes to the caller that has the fewest, whoever asked first', async () => {
  const queue = new FairQueue(3);
  const order: string[] = [];
  const [first, second] = await Promise.all([1, 2, 3].map(() => queue.acquire(never, 'greedy')));
  const waiting = ['greedy', 'greedy', 'modest', 'shy'].map(async (caller) => {
    await queue.acquire(never, caller);
    order.push(caller);
  });
  first!();
  await waiting[2];
  second!();
  await waiting[3];
  expect(order).toEqual(['modest', 'shy']);
  expect(queue.waitingCount).toBe(2);
});

test('one caller never has more than its share, and others go past it in line', async () => {
  const queue = new FairQueue(4, 3);
  const releases = await Promise.all([1, 2, 3].map(() => queue.acquire(never, 'greedy')));
  const fourth = queue.acquire(never, 'greedy');
  expect(queue.isFull).toBe(false);
  const modest = await queue.acquire(never, 'modest');
  expect(queue.waitingCount).toBe(1);
  modest();
  // A free place is of no use to a caller that has its share.
  expect(queue.waitingCount).toBe(1);
  releases[0]!();
  (await fourth)();
  expect(queue.waitingCount).toBe(0);
});
