import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyBytes } from './copy-bytes.ts';

const LENGTH = 300;

test.each([
  ['shared memory', () => new SharedArrayBuffer(LENGTH), () => new ArrayBuffer(LENGTH)],
  ['plain memory', () => new ArrayBuffer(LENGTH), () => new SharedArrayBuffer(LENGTH)],
])('any range of bytes gets to any place in %s, and nothing else changes', (_, makeTarget, makeSource) => {
  const place = fc.integer({ min: 0, max: LENGTH / 2 });
  fc.assert(
    fc.property(place, place, fc.uint8Array({ maxLength: LENGTH / 2 }), (from, to, bytes) => {
      const source = Buffer.from(makeSource(), from, bytes.length);
      source.set(bytes);
      const target = Buffer.from(makeTarget());
      target.fill(0xee);
      const expected = Buffer.from(target);
      expected.set(bytes, to);
      copyBytes(source, target, to);
      expect(target.equals(expected)).toBe(true);
    }),
  );
});
