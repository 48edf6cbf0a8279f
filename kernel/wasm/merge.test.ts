import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KernelError, type ReadPlan } from '../kernel.ts';
import { CASE_PLAN } from '../testing/kernel-case.ts';
import { WasmKernel } from './wasm-kernel.ts';

function kernelOf(csv: string, plan: Partial<ReadPlan> = {}): WasmKernel {
  const kernel = new WasmKernel({ ...CASE_PLAN, ...plan });
  kernel.push(Buffer.from(csv));
  kernel.finish();
  return kernel;
}

/** Two parts merged, and what one kernel makes of both. */
function bothWays(first: string, second: string, plan: Partial<ReadPlan> = {}) {
  const merged = kernelOf(first, plan);
  merged.merge(kernelOf(second, plan).checkpoint());
  return [merged, kernelOf(first + second, plan)].map((kernel) => ({
    totals: [...kernel.totals(100)].flat(),
    snapshot: kernel.snapshot(10),
  }));
}

const HUGE = '999999999999999999';

test.each([
  ['sums beyond 64 bits in both', `a,${HUGE}\n`.repeat(30), `a,${HUGE}\nb,-${HUGE}\n`.repeat(30)],
  ['sums that meet at 64 bits', 'a,9223372036854\n', 'a,9223372036854\na,9223372036854\n'],
  ['sums that cancel out', `a,${HUGE}\n`.repeat(30), `a,-${HUGE}\n`.repeat(31)],
  ['an amount beyond 64 bits in the second alone', 'a,1\nb,2\n', `a,${HUGE}\n`],
  ['an amount beyond 64 bits in the first alone', `a,-${HUGE}\n`, 'a,1\nb,2\n'],
  ['decimals', 'a,1.5\nb,2\n', 'a,1\nb,0.000001\n'],
  ['departments of the second alone', '', 'b,2\na,1\n'],
  ['departments of the first alone', 'b,2\na,1\n', ''],
  ['names of any length', `${'n'.repeat(28)},1\n${'n'.repeat(29)},2\n`, `${'n'.repeat(29)},1\n${'m'.repeat(500)},2\n`],
])('%s merge as in one pass', (_, first, second) => {
  const [merged, whole] = bothWays(first, second, { allowNegative: true });
  expect(merged).toEqual(whole);
});

test('names that are nearly as long as the room for them all come over', () => {
  const names = ['a', 'b', 'c'].map((letter) => letter.repeat(1_000_000));
  const rows = names.map((name) => `${name},1\n`).join('');
  const [merged, whole] = bothWays(rows, `${rows}d,1\n`);
  expect(merged?.totals.map(({ department, count }) => [department.length, count])).toEqual(
    whole?.totals.map(({ department, count }) => [department.length, count]),
  );
});

test('the limits hold for both together', () => {
  const plan = { maxDepartments: 3, maxRejects: 3 };
  const kernel = kernelOf('a,1\nb,1\nx\nx\n', plan);
  kernel.merge(kernelOf('b,1\nc,1\nx\nx\n', plan).checkpoint());
  expect(kernel.snapshot(0)).toMatchObject({ departments: 3, rowsRejected: 4, rejectsReported: 3 });
  const more = kernelOf('d,1\n', plan).checkpoint();
  expect(() => kernel.merge(more)).toThrow(expect.objectContaining({ code: 'TOO_MANY_DEPARTMENTS' }));
});

test('a merged kernel goes on from a checkpoint, and merges again', () => {
  const first = kernelOf('a,1\nb,2\n');
  first.merge(kernelOf('b,3\nc,4\n').checkpoint());
  const next = new WasmKernel(CASE_PLAN, first.checkpoint());
  next.merge(kernelOf('c,5\n').checkpoint());
  expect([...next.totals(10)].flat().map(({ department, sum }) => `${department} ${sum / 1_000_000n}`)).toEqual([
    'a 1',
    'b 5',
    'c 9',
  ]);
});

test('a state that ends inside a record is not merged', () => {
  const cut = new WasmKernel(CASE_PLAN);
  cut.push(Buffer.from('a,1\nb'));
  expect(() => kernelOf('a,1\n').merge(cut.checkpoint())).toThrow(KernelError);
});

test('a state of a stranger is refused or merged, whatever is in it', () => {
  const state = kernelOf(`a,1\n"é b",${HUGE}\n${'n'.repeat(100)},2\nx\n`.repeat(20)).checkpoint();
  fc.assert(
    fc.property(fc.nat(state.length - 1), fc.nat(255), fc.nat(state.length), (at, value, length) => {
      const forged = Uint8Array.from(state.subarray(0, value % 7 === 0 ? length : state.length));
      if (at < forged.length) forged[at] = value;
      const kernel = kernelOf('a,1\nz,2\n');
      try {
        kernel.merge(forged);
      } catch (error) {
        expect(error).toBeInstanceOf(KernelError);
        return;
      }
      const { rows } = kernel.snapshot(10);
      const totals = [...kernel.totals(100)].flat();
      expect(totals.reduce((sum, { count }) => sum + count, 0)).toBe(rows);
    }),
    { numRuns: 1000 },
  );
});
