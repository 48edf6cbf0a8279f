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
