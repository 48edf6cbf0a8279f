import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkRing } from './chunk-ring.ts';
import { SLOT_BYTES } from './thread-messages.ts';

/** A ring with a thread that keeps what it got and gives slots back when told. */
function createRing() {
  const waiting: { slot: number; length: number }[] = [];
  const received: number[][] = [];
  const ring = new ChunkRing((slot, length) => waiting.push({ slot, length }));
  const work = () => {
    const next = waiting.shift();
    if (!next) return false;
    received.push([...new Uint8Array(ring.memory, next.slot * SLOT_BYTES, next.length)]);
    ring.release(next.slot);
    return true;
  };
  return { ring, work, received, waiting };
}

test('every byte arrives once and in order, however it is cut and however slow the thread is', () => {
  const parts = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 * SLOT_BYTES }), fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(parts, (cuts) => {
      const { ring, work, received } = createRing();
      let next = 0;
      for (const [length, isThreadBusy] of cuts) {
        const bytes = Uint8Array.from({ length }, () => next++ & 0xff);
        let rest = bytes;
        while (rest.length > 0) {
          rest = rest.subarray(ring.write(rest));
          if (rest.length > 0 || !isThreadBusy) work();
        }
      }
      ring.flush();
      while (work());
      const all = received.flat();
      expect(all.length).toBe(next);
      expect(all.every((byte, index) => byte === (index & 0xff))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('a full ring takes nothing until a slot is given back', async () => {
  const { ring, work, waiting } = createRing();
  const bytes = new Uint8Array(100 * SLOT_BYTES);
  const taken = ring.write(bytes);
  expect(taken).toBe(waiting.length * SLOT_BYTES);
  expect(taken).toBeLessThan(bytes.length);
  expect(ring.write(bytes)).toBe(0);
  let hasRoom = false;
  const room = ring.room().then(() => (hasRoom = true));
  await Promise.resolve();
  expect(hasRoom).toBe(false);
  work();
  await room;
  expect(ring.write(bytes)).toBe(SLOT_BYTES);
});

test('a thread that has nothing to do gets the first bytes at once, and the rest together', () => {
  const { ring, work, waiting } = createRing();
  ring.write(new Uint8Array(10));
  expect(waiting.map(({ length }) => length)).toEqual([10]);
  ring.write(new Uint8Array(20));
  ring.write(new Uint8Array(30));
  expect(waiting).toHaveLength(1);
  work();
  expect(waiting.map(({ length }) => length)).toEqual([50]);
});

test('who waits for room is let go when the thread is gone', async () => {
  const { ring } = createRing();
  ring.write(new Uint8Array(100 * SLOT_BYTES));
  const room = ring.room();
  ring.abandon();
  await expect(room).resolves.toBeUndefined();
});
