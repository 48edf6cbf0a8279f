import { expect, test } from 'vitest';
import type { TallyError } from '../errors.ts';
import { CallPlaces } from './call-places.ts';
import { FairQueue } from './fair-queue.ts';

const never = new AbortController().signal;

/** A call that gives its place back when that is taken, as one does that fails. */
async function begin(places: CallPlaces, caller: string, idleMs: number) {
  const taken: TallyError[] = [];
  const release = await places.acquire(never, caller, {
    idleMs: () => idleMs,
    onTaken(reason) {
      taken.push(reason);
      release();
    },
  });
  return { taken, release };
}

test('idle calls keep their places as long as nobody waits', async () => {
  const places = new CallPlaces(new FairQueue(2));
  const calls = [await begin(places, 'a', 1e6), await begin(places, 'a', 1e6)];
  places.takeFromIdle();
  expect(calls.map(({ taken }) => taken)).toEqual([[], []]);
});

test('as many idle calls as others wait lose their places, the longest idle first; those that work never do', async () => {
  const places = new CallPlaces(new FairQueue(3));
  const [short, long, working] = [
    await begin(places, 'a', 11_000),
    await begin(places, 'a', 60_000),
    await begin(places, 'a', 0),
  ];
  const waiting = begin(places, 'b', 0);
  places.takeFromIdle();
  await waiting;
  expect(long.taken).toEqual([expect.objectContaining({ code: 'CALL_IDLE' })]);
  expect([...short.taken, ...working.taken]).toEqual([]);
});

test('a call that waits for its own share takes no place of others', async () => {
  const places = new CallPlaces(new FairQueue(3, 1));
  const other = await begin(places, 'other', 60_000);
  const greedy = await begin(places, 'greedy', 60_000);
  const waiting = begin(places, 'greedy', 0);
  places.takeFromIdle();
  await waiting;
  expect(other.taken).toEqual([]);
  expect(greedy.taken).toHaveLength(1);
});
