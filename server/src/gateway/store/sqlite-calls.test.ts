import { MessageChannel, type Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { answerCalls, createCalls } from './sqlite-calls.ts';

test('a call that waits in line when nobody wants its answer any more is not run', async () => {
  const { port1, port2 } = new MessageChannel();
  const found: string[] = [];
  const calls = { find: (text: string) => found.push(text), close() {} };
  const { call, callUntil } = createCalls<typeof calls>(port1 as unknown as Worker);
  const [leaving, staying] = [new AbortController(), new AbortController()];
  const overtaken = callUntil(leaving.signal, 'find', 'a');
  const last = callUntil(staying.signal, 'find', 'ab');
  leaving.abort(new Error('the caller has gone'));
  await expect(overtaken).rejects.toThrow('the caller has gone');
  // Until here the line stands, as it does behind a call that takes long.
  answerCalls(port2, calls);
  await last;
  expect(found).toEqual(['ab']);
  await expect(callUntil(leaving.signal, 'find', 'abc')).rejects.toThrow('the caller has gone');
  await call('close');
  expect(found).toEqual(['ab']);
});
