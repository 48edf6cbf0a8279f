import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_TAIL_BYTES, SpoolTail } from './tail.ts';

const text = (pieces: readonly Uint8Array[]) => Buffer.concat(pieces).toString();
const pieces = (...texts: string[]) => texts.map((each) => Buffer.from(each));

test('gives the pieces from a position on, which may be inside one', () => {
  const tail = new SpoolTail();
  tail.add(pieces('one ', 'two '), 8);
  tail.add(pieces('three'), 13);
  expect(tail.from(0, 100).map(String)).toEqual(['one ', 'two ', 'three']);
  expect(tail.from(5, 100).map(String)).toEqual(['wo ', 'three']);
  expect(tail.from(0, 5).map(String)).toEqual(['one ', 'two ']);
  expect(tail.from(13, 100)).toEqual([]);
});

test('gives nothing from where it keeps nothing: before its start, or what does not follow on', () => {
  const tail = new SpoolTail();
  tail.add(pieces('late'), 104);
  expect(tail.from(99, 100)).toEqual([]);
  expect(text(tail.from(100, 100))).toBe('late');
  tail.dropBefore(104);
  expect(tail.from(100, 100)).toEqual([]);
  tail.add(pieces('later'), 205);
  expect(tail.from(104, 100)).toEqual([]);
  expect(text(tail.from(200, 100))).toBe('later');
});

test('keeps no more than its limit, in few pieces however many came', () => {
  const tail = new SpoolTail();
  const many = Array.from({ length: 500_000 }, () => Buffer.from('x'));
  for (let end = many.length; end <= 20 * many.length; end += many.length) tail.add(many, end);
  const kept = tail.from(20 * many.length - MAX_TAIL_BYTES + many.length, Number.POSITIVE_INFINITY);
  expect(text(kept).length).toBe(MAX_TAIL_BYTES - many.length);
  expect(kept.length).toBeLessThan(10);
  expect(tail.from(20 * many.length - MAX_TAIL_BYTES - many.length, 1)).toEqual([]);
});

test('whatever is added and dropped, what comes out is what the file has there', () => {
  const step = fc.record({ lengths: fc.array(fc.nat(20), { maxLength: 5 }), drop: fc.nat(30), read: fc.nat(120) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const tail = new SpoolTail();
      let file = Buffer.alloc(0);
      let dropped = 0;
      for (const { lengths, drop, read } of steps) {
        const added = lengths.map((length) => Buffer.from(Array.from({ length }, (_, at) => (file.length + at) % 251)));
        file = Buffer.concat([file, ...added]);
        tail.add(added, file.length);
        dropped = Math.max(dropped, file.length - drop);
        tail.dropBefore(dropped);
        const got = Buffer.concat(tail.from(read, 1000));
        if (got.length > 0) expect(got.equals(file.subarray(read))).toBe(true);
        // Bytes that are still wanted are kept.
        if (read >= dropped) expect(got.length).toBe(Math.max(0, file.length - read));
      }
    }),
  );
});
