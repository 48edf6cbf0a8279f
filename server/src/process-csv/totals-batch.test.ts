import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TotalsBatchSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { formatDecimal, formatMean } from '../../../kernel/decimal.ts';
import type { KernelTotal } from '../../../kernel/kernel.ts';
import { totalsBatch } from '../../test/support/totals-batch.ts';
import { decodeTotals, encodeTotals } from './totals-batch.ts';

const sum = fc.bigInt({ min: -(2n ** 120n), max: 2n ** 120n });
const kernelTotals: fc.Arbitrary<KernelTotal[]> = fc.array(
  fc.record({
    department: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('', 'x'.repeat(127), 'é'.repeat(64), '€'.repeat(20_000)),
    ),
    sum,
    count: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(2 ** 32, Number.MAX_SAFE_INTEGER)),
    min: sum,
    max: sum,
    scale: fc.constant(6),
  }),
);

function expected({ department, sum, count, min, max, scale }: KernelTotal) {
  const [least, most] = [min, max].map((units) => formatDecimal(units, scale)) as [string, string];
  const texts = { sum: formatDecimal(sum, scale), min: least, max: most, mean: formatMean(sum, count) };
  return { department, keys: [], figures: [], count: BigInt(count), ...texts };
}

test('what is encoded here is what any decoder of protobuf reads', () => {
  fc.assert(
    fc.property(kernelTotals, (totals) => {
      expect(fromBinary(TotalsBatchSchema, encodeTotals(totals))).toEqual(
        create(TotalsBatchSchema, { totals: totals.map(expected) }),
      );
    }),
  );
});

test('what any encoder of protobuf has written is read, in the usual form without its objects', () => {
  fc.assert(
    fc.property(kernelTotals, (totals) => {
      const values = totals.map(expected);
      expect(decodeTotals(totalsBatch(values))).toMatchObject(values);
      expect(decodeTotals(encodeTotals(totals))).toEqual(values);
    }),
  );
});

test('fields in another order, left out, or not known here are read by the general decoder', () => {
  const field = (tag: number, text: string) => Buffer.from([tag, text.length, ...Buffer.from(text)]);
  const total = Buffer.concat([field(0x12, '5'), field(0x0a, 'Books'), field(0x7a, 'new')]);
  const batch = Buffer.concat([
    totalsBatch([{ department: 'Art', count: 2n }]),
    Buffer.from([0x0a, total.length]),
    total,
  ]);
  expect(decodeTotals(batch)).toMatchObject([
    { department: 'Art', sum: '', count: 2n },
    { department: 'Books', sum: '5', count: 0n },
  ]);
});

test('a batch that is cut off anywhere but between two totals is refused', () => {
  const totals = [
    { department: 'Art', sum: 1n, count: 1, min: 1n, max: 1n, scale: 6 },
    { department: 'Books', sum: 300n, count: 300, min: 1n, max: 1n, scale: 6 },
  ];
  const batch = encodeTotals(totals);
  const first = encodeTotals(totals.slice(0, 1)).length;
  for (let length = 1; length < batch.length; length++) {
    if (length === first) continue;
    expect(() => decodeTotals(batch.subarray(0, length)), String(length)).toThrow();
  }
  expect(toBinary(TotalsBatchSchema, fromBinary(TotalsBatchSchema, batch))).toEqual(new Uint8Array(batch));
});
