import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CASE_PLAN } from '../testing/kernel-case.ts';
import { WasmKernel } from './wasm-kernel.ts';

// Few letters and shared beginnings, so that names are often equal up to some byte.
const name = fc
  .tuple(
    fc.constantFrom('', 'aaaaaaaa', 'Abteilung ', '部', 'x'.repeat(27)),
    fc.string({ unit: fc.constantFrom('a', 'b', 'é', '文', '😀'), minLength: 1, maxLength: 5 }),
  )
  .map((parts) => parts.join(''));

function kernelOf(rows: [name: string, amount: number][]): WasmKernel {
  const kernel = new WasmKernel({ ...CASE_PLAN, allowNegative: true });
  kernel.push(Buffer.from(rows.map((row) => `${row.join()}\n`).join('')));
  return kernel;
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function namesIn(kernel: WasmKernel): string[] {
  return [...kernel.totals(100)].flat().map(({ department }) => department);
}

test('totals are sorted by the bytes of the names', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 120 }), (names) => {
      expect(namesIn(kernelOf(names.map((name) => [name, 1])))).toEqual([...names].sort(compareBytes));
    }),
  );
});

test('names that share a very long beginning are sorted, too', () => {
  const beginning = 'x'.repeat(10_000);
  const names = Array.from({ length: 100 }, (_, index) => `${beginning}${(index * 37) % 100}`);
  expect(namesIn(kernelOf(names.map((name) => [name, 1])))).toEqual([...names].sort());
});

test('the leading departments are the first of all departments sorted by sum and name', () => {
  const row = fc.tuple(name, fc.integer({ min: -3, max: 3 }));
  const rows = fc.uniqueArray(row, { selector: ([name]) => name, maxLength: 60 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 70 }), (rows, count) => {
      const ranked = [...rows].sort((a, b) => b[1] - a[1] || compareBytes(a[0], b[0])).map(([name]) => name);
      const { top } = kernelOf(rows).snapshot(count);
      expect(top.map(({ department }) => department)).toEqual(ranked.slice(0, count));
    }),
  );
});
