import fc from 'fast-check';
import { expect, test } from 'vitest';
import { totalsBatch } from '../../test/support/totals-batch.ts';
import type { PlainFigures } from '../process-csv/totals-batch.ts';
import { totalsRow } from './csv.ts';
import { createBatchCsv } from './csv-of-batch.ts';

const decimal = fc.constantFrom('0', '-1.5', '12', '170141183460469231731.687303');
const total = fc.record({
  department: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', '=', 'é'), maxLength: 200 }),
  ),
  sum: decimal,
  count: fc.oneof(fc.bigInt(1n, 300n), fc.constantFrom(9n, 10n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n)),
  keys: fc.oneof(fc.constant<string[]>([]), fc.array(fc.string(), { minLength: 2, maxLength: 4 })),
  figures: fc.oneof(
    fc.constant<PlainFigures[]>([]),
    fc.array(fc.record({ sum: decimal, count: fc.bigInt(0n, 300n), min: decimal, max: decimal, mean: decimal }), {
      minLength: 2,
      maxLength: 3,
    }),
  ),
  min: decimal,
  max: decimal,
  mean: decimal,
});

test('any batch gives the rows that its totals give', () => {
  fc.assert(
    fc.property(fc.array(fc.array(total, { maxLength: 20 }), { maxLength: 4 }), fc.boolean(), (batches, allColumns) => {
      const csvOf = createBatchCsv(allColumns);
      for (const totals of batches) {
        const rows = totals.map((total) => totalsRow(total, { allColumns, raw: true })).join('');
        expect(Buffer.from(csvOf(totalsBatch(totals))).toString()).toBe(rows);
      }
    }),
  );
});

test('a batch in the form of another encoder is read, too', () => {
  // The sum before the department, and no more.
  const batch = Buffer.from([0x0a, 8, 0x12, 1, 0x35, 0x0a, 3, 0x41, 0x72, 0x74]);
  expect(Buffer.from(createBatchCsv(false)(batch)).toString()).toBe('Art,5\n');
});
