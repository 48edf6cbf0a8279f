import { expect, test } from 'vitest';
import { TusLocks } from './tus-locks.ts';

const never = new AbortController().signal;

test('an upload goes from request to request, each asked to let go when another waits', async () => {
  const locks = new TusLocks();
  const events: string[] = [];
  const take = async (name: string) => {
    const lock = locks.newLock('a');
    await lock.lock(never, () => void events.push(`${name} is asked`));
    events.push(`${name} has it`);
    return lock;
  };
  const first = await take('first');
  const second = take('second');
  const third = take('third');
  expect(events).toEqual(['first has it', 'first is asked', 'first is asked']);
  await first.unlock();
  await (await second).unlock();
  await (await third).unlock();
  expect(events.slice(3)).toEqual(['second is asked', 'second has it', 'third has it']);
  await (await take('fourth')).unlock();
});

test('who gives up waiting is passed over, and uploads do not wait for each other', async () => {
  const locks = new TusLocks();
  const [held, other] = [locks.newLock('a'), locks.newLock('b')];
  await held.lock(never, () => {});
  await other.lock(never, () => {});
  const stop = new AbortController();
  const given = locks.newLock('a').lock(stop.signal, () => {});
  const last = locks.newLock('a');
  const waiting = last.lock(never, () => {});
  stop.abort();
  await expect(given).rejects.toMatchObject({ status_code: 500 });
  await held.unlock();
  await waiting;
  await last.unlock();
});
