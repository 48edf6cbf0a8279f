import { expect, test } from 'vitest';
import { noEvidence } from './evidence.ts';
import { type Kernel, MAX_RECORD_BYTES, type ReadPlan, RejectReason } from './kernel.ts';
import { CASE_PLAN } from './testing/kernel-case.ts';
import { KERNEL_CASES } from './testing/kernel-cases.ts';
import { everyCut, runKernel } from './testing/kernel-outcome.ts';
import { ReferenceKernel } from './testing/reference-kernel.ts';
import { WasmKernel } from './wasm/wasm-kernel.ts';

function createKernel(plan: Partial<ReadPlan> = {}): Kernel {
  return new WasmKernel({ ...CASE_PLAN, ...plan });
}

function pushText(kernel: Kernel, text: string): Kernel {
  kernel.push(Buffer.from(text));
  return kernel;
}

test.each(KERNEL_CASES)('$behaviour', ({ csv, plan, totals, rejects = [], blankLines = 0 }) => {
  const bytes = Buffer.from(csv);
  const whole = runKernel(createKernel(plan), [bytes]);
  expect(whole).toMatchObject({ totals, rejects, blankLines });
  for (const pieces of everyCut(bytes)) expect(runKernel(createKernel(plan), pieces)).toEqual(whole);
});

test.each(KERNEL_CASES)('the reference: $behaviour', ({ csv, plan, totals, rejects = [], blankLines = 0 }) => {
  const reference = new ReferenceKernel({ ...CASE_PLAN, ...plan });
  expect(runKernel(reference, [Buffer.from(csv)])).toMatchObject({ totals, rejects, blankLines });
});

// A department that is new goes the long way, a known one the fast way: both must agree, with all that surrounds it.
test.each(KERNEL_CASES)('$behaviour, the same in the second half of a file', ({ csv, plan }) => {
  const bytes = Buffer.concat([Buffer.from(csv), Buffer.from('\n'), Buffer.from(csv)]);
  const whole = runKernel(createKernel(plan), [bytes]);
  for (const pieces of everyCut(bytes)) expect(runKernel(createKernel(plan), pieces)).toEqual(whole);
});

test('a new kernel has counted nothing', () => {
  const kernel = createKernel();
  expect(kernel.snapshot(10)).toEqual({
    rows: 0,
    rowsRejected: 0,
    rejectedByReason: new Array(12).fill(0),
    rejectsReported: 0,
    rowsFiltered: 0,
    blankLines: 0,
    departments: 0,
    total: 0n,
    totalScale: 0,
    evidence: noEvidence(),
    top: [],
  });
  expect(kernel.takeRejects()).toEqual([]);
  expect([...kernel.totals(10)]).toEqual([]);
});

test('a total has sum, count, minimum, maximum and the most decimals that its amounts had', () => {
  const kernel = pushText(createKernel({ allowNegative: true }), 'a,5\na,-2.50\nb,7\na,10.1\n');
  expect([...kernel.totals(10)]).toEqual([
    [
      { department: 'a', sum: 12_600_000n, count: 3, min: -2_500_000n, max: 10_100_000n, scale: 2 },
      { department: 'b', sum: 7_000_000n, count: 1, min: 7_000_000n, max: 7_000_000n, scale: 0 },
    ],
  ]);
});

test('a snapshot shows the rows so far, and not the one that has not ended', () => {
  const kernel = pushText(createKernel(), 'a,1.5\nx\n\nb,2');
  expect(kernel.snapshot(10)).toMatchObject({
    rows: 1,
    rowsRejected: 1,
    blankLines: 1,
    departments: 1,
    total: 1_500_000n,
  });
  expect(pushText(kernel, '5\n').snapshot(10)).toMatchObject({ rows: 2, total: 26_500_000n, totalScale: 1 });
});

test('the leading departments are those with the largest sums, ties in code point order', () => {
  const kernel = pushText(createKernel({ allowNegative: true }), 'd,2\nb,-1\na,2\n\u{10000},2\n\uffff,2\nc,9\ne,0\n');
  const top = (count: number) => kernel.snapshot(count).top.map(({ department }) => department);
  const order = ['c', 'a', 'd', '\uffff', '\u{10000}', 'e', 'b'];
  for (let count = 0; count <= order.length; count++) expect(top(count)).toEqual(order.slice(0, count));
  expect(top(100)).toEqual(order);
});

test('sums far beyond 2^53 and 2^64 units stay exact', () => {
  const kernel = createKernel({ allowNegative: true });
  const large = 'a,999999999999999999\n'.repeat(1000);
  pushText(kernel, `${large}a,0.000001\nb,-999999999999999999\nb,999999999999999999\nb,-999999999999.999999\n`);
  expect([...kernel.totals(2)][0]).toEqual([
    {
      department: 'a',
      sum: 999_999_999_999_999_999_000_000n * 1000n + 1n,
      count: 1001,
      min: 1n,
      max: 999_999_999_999_999_999_000_000n,
      scale: 6,
    },
    {
      department: 'b',
      sum: -999_999_999_999_999_999n,
      count: 3,
      min: -999_999_999_999_999_999_000_000n,
      max: 999_999_999_999_999_999_000_000n,
      scale: 6,
    },
  ]);
  expect(kernel.snapshot(0).total).toBe(999_999_999_999_999_999_000_000n * 1000n + 1n - 999_999_999_999_999_999n);
});

test('sums of many ordinary amounts go beyond 2^64 units', () => {
  const kernel = createKernel();
  const rows = 'a,99999999\n'.repeat(10_000);
  for (let round = 0; round < 40; round++) pushText(kernel, rows);
  expect(kernel.snapshot(1)).toMatchObject({ total: 99_999_999_000_000n * 400_000n, rows: 400_000 });
});

test('many departments keep their totals apart and come sorted in batches', () => {
  const kernel = createKernel();
  const names = Array.from({ length: 5000 }, (_, index) => `dept ${(index * 7919) % 5000}`);
  for (let round = 1; round <= 3; round++)
    pushText(kernel, names.map((name, index) => `${name},${index * round}\n`).join(''));
  const batches = [...kernel.totals(1024)];
  expect(batches.map((batch) => batch.length)).toEqual([1024, 1024, 1024, 1024, 904]);
  const expected = names
    .map((name, index) => ({ name, sum: BigInt(index) * 6_000_000n }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(batches.flat().map(({ department, sum }) => ({ name: department, sum }))).toEqual(expected);
  expect(kernel.snapshot(2).top.map(({ department }) => department)).toEqual([names[4999], names[4998]]);
});

test('one department more than the limit ends the analysis with a clear error', () => {
  const kernel = pushText(createKernel({ maxDepartments: 2 }), 'a,1\nb,2\na,3\n');
  expect(() => pushText(kernel, 'c,4\n')).toThrow(
    expect.objectContaining({
      code: 'TOO_MANY_DEPARTMENTS',
      message: expect.stringMatching(/more than 2 .*department column/),
    }),
  );
});

test('rejected rows need no room among the departments', () => {
  const kernel = pushText(createKernel({ maxDepartments: 1 }), 'a,1\nb,x\nc,-1\nd\n');
  expect(kernel.snapshot(1)).toMatchObject({ departments: 1, rowsRejected: 3 });
});

test('rejects are counted by reason and handed out once', () => {
  const kernel = pushText(createKernel({ maxRejects: 2 }), 'a\nb,x\nc\n');
  const rejectedByReason = new Array(12).fill(0);
  rejectedByReason[RejectReason.COLUMN_COUNT] = 2;
  rejectedByReason[RejectReason.AMOUNT_NOT_A_NUMBER] = 1;
  expect(kernel.snapshot(0)).toMatchObject({ rowsRejected: 3, rejectedByReason, rejectsReported: 2 });
  expect(kernel.takeRejects()).toHaveLength(2);
  expect(kernel.takeRejects()).toEqual([]);
});

test('of a long reject the first 1000 bytes are handed out, without a part of a character', () => {
  const rejectOf = (record: string, pieces = 1) => {
    const kernel = createKernel();
    const bytes = Buffer.from(`${record}\n`);
    for (let at = 0; at < pieces; at++) {
      kernel.push(bytes.subarray((at * bytes.length) / pieces, ((at + 1) * bytes.length) / pieces));
    }
    return kernel.takeRejects()[0];
  };
  expect(rejectOf('x'.repeat(1000))).toMatchObject({ raw: 'x'.repeat(1000), rawTruncated: false });
  expect(rejectOf('x'.repeat(1001))).toMatchObject({ raw: 'x'.repeat(1000), rawTruncated: true });
  expect(rejectOf(`${'x'.repeat(999)}é`)).toMatchObject({ raw: 'x'.repeat(999), rawTruncated: true });
  expect(rejectOf(`${'x'.repeat(998)}é`)).toMatchObject({ raw: `${'x'.repeat(998)}é`, rawTruncated: false });
  expect(rejectOf(`${'x'.repeat(997)}😀yyy`, 7)).toMatchObject({ raw: 'x'.repeat(997), rawTruncated: true });
});

test('a record of 1 MiB is read, and one of far more costs only itself', () => {
  const name = 'n'.repeat(MAX_RECORD_BYTES - 2);
  const kernel = createKernel();
  const text = Buffer.from(`${name},1\n"${name.repeat(3)}\n",1\na,2\n`);
  for (let at = 0; at < text.length; at += 65_521) kernel.push(text.subarray(at, at + 65_521));
  kernel.finish();
  expect(kernel.snapshot(0)).toMatchObject({ rows: 2, rowsRejected: 1, departments: 2, total: 3_000_000n });
  const [reject] = kernel.takeRejects();
  expect(reject).toMatchObject({ line: 2, reason: RejectReason.RECORD_TOO_LONG, rawTruncated: true });
  expect(reject!.raw).toBe(`"${'n'.repeat(999)}`);
});

test('an empty chunk changes nothing', () => {
  const kernel = createKernel();
  for (const piece of ['', 'a,1\r', '', '\na', '', ',2\n', '']) pushText(kernel, piece);
  kernel.finish();
  expect(kernel.snapshot(1)).toMatchObject({ rows: 2, blankLines: 0, total: 3_000_000n });
});
