import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeTotals } from '../../server/src/process-csv/totals-batch.ts';
import { MAX_RECORD_BYTES } from '../kernel.ts';
import { CASE_PLAN } from '../testing/kernel-case.ts';
import { withinBudget } from '../testing/property-budget.ts';
import { WasmKernel } from './wasm-kernel.ts';

const PLAN = { ...CASE_PLAN, allowNegative: true };

/** All totals as bytes, by the kernel itself and by way of their values. */
function bothWays(kernel: WasmKernel, batchSize: number): [Buffer[], Buffer[]] {
  const own = Array.from(kernel.encodedTotals(batchSize, encodeTotals), (batch) => Buffer.from(batch));
  const plain = Array.from(kernel.totals(batchSize), (batch) => Buffer.from(encodeTotals(batch)));
  return [own, plain];
}

const name = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '文', '😀', ' x'), minLength: 1, maxLength: 4 }),
  // Around the lengths at which a length takes another byte, and a name another unit.
  fc.integer({ min: 1, max: 300 }).map((length) => 'n'.repeat(length)),
);
/** Up to 18 digits, 6 of them decimals: the sum of a few of the longest needs more than 64 bits. */
const amount = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc
    .tuple(fc.bigInt(-(10n ** 12n) + 1n, 10n ** 12n - 1n), fc.integer({ min: 1, max: 999_999 }))
    .map((parts) => parts.join('.')),
  fc.bigInt(-(10n ** 18n) + 1n, 10n ** 18n - 1n).map(String),
  fc.constantFrom('0', '-0.000001', '0.5', '-9223372036854.775808', '9223372036854.775807', '9.99'),
);

test('any totals are encoded as they are by way of their values', () => {
  const rows = fc.array(fc.tuple(name, amount), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 40 }), (rows, batchSize) => {
      const kernel = new WasmKernel({ ...PLAN, maxDepartments: 500 });
      kernel.push(Buffer.from(rows.map((row) => `${row.join()}\n`).join('')));
      kernel.finish();
      const [own, plain] = bothWays(kernel, batchSize);
      expect(own).toEqual(plain);
    }),
    withinBudget(4000),
  );
});

test('a batch has memory of its own, which another thread may get', () => {
  const kernel = new WasmKernel(PLAN);
  kernel.push(Buffer.from('Art,1\nBooks,2\n'));
  for (const batch of kernel.encodedTotals(1, encodeTotals)) expect(batch.buffer.byteLength).toBe(batch.length);
});

test('the room for totals may hold fewer than a batch, and less than a name', () => {
  const kernel = new WasmKernel({ ...PLAN, maxRecordBytes: MAX_RECORD_BYTES });
  const long = ['a', 'b', 'c', 'd'].map((letter) => `${letter.repeat(700_000)},${'1'.repeat(12)}\n`);
  const short = Array.from({ length: 9_000 }, (_, index) => `${'n'.repeat(120)}${index},${index}\n`);
  kernel.push(Buffer.from([...long, ...short].join('')));
  kernel.finish();
  for (const batchSize of [100, 5_000, 20_000]) {
    const [own, plain] = bothWays(kernel, batchSize);
    expect(own.length).toBe(plain.length);
    for (const [index, batch] of own.entries()) expect(batch.equals(plain[index]!)).toBe(true);
  }
});

test('a record that is cut is whole when the totals so far have been encoded', () => {
  const kernel = new WasmKernel(PLAN);
  kernel.push(Buffer.from('Art,1\nBoo'));
  const [own, plain] = bothWays(kernel, 10);
  expect(own).toEqual(plain);
  kernel.push(Buffer.from('ks,2\n'));
  kernel.finish();
  expect([...kernel.totals(10)].flat().map(({ department }) => department)).toEqual(['Art', 'Books']);
});
