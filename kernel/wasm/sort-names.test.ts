import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortNames } from './sort-names.ts';

function table(names: readonly Buffer[]) {
  return {
    count: names.length,
    nameByte: (id: number, index: number) => names[id]![index] ?? -1,
    compareNames: (a: number, b: number) => Buffer.compare(names[a]!, names[b]!),
  };
}

const name = fc
  .tuple(fc.constantFrom('', 'a', 'Department ', 'é'.repeat(40)), fc.string({ unit: 'binary', maxLength: 6 }))
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
  const names = Array.from({ length: 20_000 }, (_, index) => Buffer.from(`Department ${(index * 7919) % 20_000}`));
  let looks = 0;
  const counting = {
    ...table(names),
    nameByte(id: number, index: number) {
      looks++;
      return names[id]![index] ?? -1;
    },
  };
  const sorted = sortNames(counting, 1_000);
  sorted.next();
  const first = looks;
  for (const _part of sorted);
  expect(first).toBeLessThan(0.8 * looks);
});
