import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame } from './frame.ts';
import { FrameReader } from './frame-reader.ts';

test('messages come out as they went in, however the stream is cut', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 });
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(messages, sizes, (all, cuts) => {
      const stream = Buffer.concat(all.map(encodeFrame));
      const reader = new FrameReader(300);
      const read: Buffer[] = [];
      let start = 0;
      for (let turn = 0; start < stream.length; turn++) {
        const size = cuts[turn % cuts.length] ?? 1;
        for (const message of reader.read(stream.subarray(start, start + size))) read.push(Buffer.from(message));
        start += size;
      }
      expect(read.map((message) => [...message])).toEqual(all.map((message) => [...message]));
      expect(reader.isPartial).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('a message that is too large or compressed is refused', () => {
  expect(() => [...new FrameReader(10).read(encodeFrame(new Uint8Array(11)))]).toThrow('11 bytes');
  expect(() => [...new FrameReader(10).read(Buffer.from([1, 0, 0, 0, 1, 0]))]).toThrow('compressed');
});
