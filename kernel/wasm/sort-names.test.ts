import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortNames } from './sort-names.ts';

function table(names: readonly Buffer[]) {
  return {
    count: names.length,
    bytesAt: (id: number, depth: number) =>
      [0, 1, 2, 3].reduce((bytes, index) => bytes * 256 + (names[id]![depth + index] ?? 0), 0),
    nameLength: (id: number) => names[id]!.length,
    compareNames: (a: number, b: number) => Buffer.compare(names[a]!, names[b]!),
  };
}

const anyEnd = fc.string({ unit: 'binary', maxLength: 6 });
/** Zeros at the end, too, which are not the end. */
const fewEnds = fc.string({ unit: fc.constantFrom('\0', 'a', 'b'), maxLength: 9 });
const name = fc
  .tuple(fc.constantFrom('', 'a', 'Department ', 'é'.repeat(40)), fc.oneof(anyEnd, fewEnds))
  .map((parts) => parts.join(''));

test('names come in the order of their bytes, in parts of one size', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { maxLength: 400, size: 'max' }),
      fc.integer({ min: 1, max: 150 }),
      (names, partSize) => {
        const bytes = names.map((text) => Buffer.from(text));
        const distinct = [...new Map(bytes.map((name) => [name.toString('hex'), name])).values()];
        const parts = [...sortNames(table(distinct), partSize)].map((part) => [...part]);
        const sorted = parts.flat().map((id) => distinct[id]!);
        expect(sorted).toEqual(distinct.toSorted(Buffer.compare));
        for (const part of parts.slice(0, -1)) expect(part.length).toBe(partSize);
      },
    ),
  );
});

test('the first part is there long before the last', () => {
  const names = Array.from({ length: 20_000 }, (_, index) =>
    Buffer.from(`${'abcdefgh'[index % 8]} Department ${(index * 7919) % 20_000}`),
  );
  let looks = 0;
  const plain = table(names);
  const counting = {
    ...plain,
    bytesAt(id: number, depth: number) {
      looks++;
      return plain.bytesAt(id, depth);
    },
  };
  const sorted = sortNames(counting, 1_000);
  sorted.next();
  const first = looks;
  for (const _part of sorted);
  expect(first).toBeLessThan(0.5 * looks);
});

test('names that differ in nothing but how many zeros are at their end come in order', () => {
  const names = Array.from({ length: 100 }, (_, index) =>
    Buffer.concat([Buffer.from('ab'), Buffer.alloc((index * 37) % 100)]),
  );
  const sorted = [...sortNames(table(names), 7)].flatMap((part) => [...part].map((id) => names[id]!.length - 2));
  expect(sorted).toEqual(names.map((_, index) => index));
});
