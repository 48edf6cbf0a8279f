import { MessageChannel, type Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { answerCalls, createCalls } from './sqlite-calls.ts';

test('a call that waits in line when nobody wants its answer any more is not run', async () => {
  const { port1, port2 } = new MessageChannel();
  const found: string[] = [];
  const calls = { find: (text: string) => found.push(text), close() {} };
  const { call, read } = createCalls<typeof calls>(port1 as unknown as Worker);
  const [leaving, staying] = [new AbortController(), new AbortController()];
  const overtaken = read({ lane: 'a', signal: leaving.signal }, 'find', 'a');
  const last = read({ lane: 'a', signal: staying.signal }, 'find', 'ab');
  leaving.abort(new Error('the caller has gone'));
  await expect(overtaken).rejects.toThrow('the caller has gone');
  // Until here the line stands, as it does behind a call that takes long.
  answerCalls(port2, calls);
  await last;
  expect(found).toEqual(['ab']);
  await expect(read({ lane: 'a', signal: leaving.signal }, 'find', 'abc')).rejects.toThrow('the caller has gone');
  await call('close');
  expect(found).toEqual(['ab']);
});

/** A thread in this one, that writes at once and reads in many steps. */
function pretendThread() {
  const { port1, port2 } = new MessageChannel();
  const order: string[] = [];
  const calls = {
    write: (name: string) => order.push(name),
    *find(name: string, steps: number): Generator<void, string> {
      for (let step = 0; step < steps; step++) yield;
      order.push(name);
      return name;
    },
    close() {},
  };
  answerCalls(port2, calls);
  return { ...createCalls<typeof calls>(port1 as unknown as Worker), order };
}

test('a write does not wait for readings that came before it, nor one caller for the readings of another', async () => {
  const { call, read, order } = pretendThread();
  const greedy = Array.from({ length: 50 }, (_, index) => read({ lane: 'greedy' }, 'find', `greedy ${index}`, 100));
  const modest = read({ lane: 'modest' }, 'find', 'modest', 100);
  await call('write', 'write');
  expect(order).toEqual(['write']);
  expect(await modest).toBe('modest');
  expect(order).toEqual(['write', 'greedy 0', 'modest']);
  await Promise.all(greedy);
  await call('close');
});

test('one caller has so many readings waiting at most, which costs others nothing', async () => {
  const { call, read } = pretendThread();
  const many = Array.from({ length: 65 }, () => read({ lane: 'greedy' }, 'find', 'x', 1));
  const outcomes = Promise.allSettled(many);
  await expect(many.at(-1)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  await expect(read({ lane: 'modest' }, 'find', 'y', 1)).resolves.toBe('y');
  // Watchers are counted elsewhere.
  const watchers = Array.from({ length: 100 }, () => read({ lane: 'watches', mayQueue: true }, 'find', 'w', 1));
  expect(await Promise.all(watchers)).toEqual(watchers.map(() => 'w'));
  expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toHaveLength(64);
  await expect(read({ lane: 'greedy' }, 'find', 'z', 1)).resolves.toBe('z');
  await call('close');
});
