import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

test('items come in order, the newest snapshot in its place among them', async () => {
  const outbox = new Outbox<string>(10);
  outbox.sendLatest('snapshot 1');
  outbox.sendLatest('snapshot 2');
  void outbox.send('item 1');
  void outbox.send('item 2');
  outbox.sendLatest('snapshot 3');
  outbox.end();
  expect(await Array.fromAsync(outbox)).toEqual(['snapshot 2', 'item 1', 'item 2', 'snapshot 3']);
});

test('who sends waits when the reader is behind, and goes on when it has read', async () => {
  const outbox = new Outbox<number>(2);
  let sent = 0;
  const sending = (async () => {
    for (let item = 0; item < 10; item++) {
      await outbox.send(item);
      sent++;
    }
    outbox.end();
  })();
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toBe(1);
  expect(await Array.fromAsync(outbox)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await sending;
});

test('an error ends it at once, whatever waits', async () => {
  const outbox = new Outbox<number>(10);
  void outbox.send(1);
  outbox.fail(new Error('failed'));
  await expect(Array.fromAsync(outbox)).rejects.toThrow('failed');
  await expect(outbox.send(2)).resolves.toBeUndefined();
});

test('a reader that goes away lets go who waits to send', async () => {
  const outbox = new Outbox<number>(1);
  const sending = outbox.send(1);
  for await (const _ of outbox) break;
  await expect(sending).resolves.toBeUndefined();
  await expect(outbox.send(2)).resolves.toBeUndefined();
});

test('an item sent after a regular end is refused, and a reader that is still there gets the error, too', async () => {
  const outbox = new Outbox<number>(10);
  void outbox.send(1);
  outbox.end();
  await expect(outbox.send(2)).rejects.toThrow('had ended');
  await expect(Array.fromAsync(outbox)).rejects.toThrow('had ended');
});

test('an item sent after all was read is refused, too', async () => {
  const outbox = new Outbox<number>(10);
  void outbox.send(1);
  outbox.end();
  expect(await Array.fromAsync(outbox)).toEqual([1]);
  await expect(outbox.send(2)).rejects.toThrow('had ended');
});

test('a regular end stays one, whatever goes wrong afterwards', async () => {
  const outbox = new Outbox<number>(10);
  void outbox.send(1);
  outbox.end();
  outbox.fail(new Error('too late'));
  expect(await Array.fromAsync(outbox)).toEqual([1]);
});
