import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSampleRecords } from '../detect/sample-records.ts';
import { type Kernel, MAX_RECORD_BYTES, type ReadPlan, RejectReason } from '../kernel.ts';
import { withinBudget } from '../testing/property-budget.ts';
import {
  anyAmountsPlan,
  anyFilteredPlan,
  anyGroupedPlan,
  anyPlan,
  anyRow,
  noise,
  type Row,
  writeRows,
} from '../testing/random-tables.ts';
import { ReferenceKernel } from '../testing/reference-kernel.ts';
import { WasmKernel } from './wasm-kernel.ts';

const cuts = fc.array(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), resumes: fc.boolean() }), {
  maxLength: 5,
});
type Cut = { share: number; resumes: boolean };

/** All that a kernel tells, in full. */
function resultOf(kernel: Kernel, rejects: unknown[]) {
  return {
    rejects: [...rejects, ...kernel.takeRejects()],
    snapshot: kernel.snapshot(3),
    totals: [...kernel.totals(7)],
  };
}

function referenceResult(bytes: Uint8Array, plan: ReadPlan) {
  const kernel = new ReferenceKernel(plan);
  kernel.push(bytes);
  kernel.finish();
  return resultOf(kernel, []);
}

/** Cuts the bytes, and at some of the cuts throws the kernel away and goes on with another one from a checkpoint. */
function wasmResult(bytes: Uint8Array, plan: ReadPlan, cuts: Cut[]) {
  const sorted = cuts.map(({ share, resumes }) => ({ at: Math.round(share * bytes.length), resumes }));
  sorted.sort((a, b) => a.at - b.at);
  let kernel = new WasmKernel(plan);
  const rejects: unknown[] = [];
  let from = 0;
  for (const { at, resumes } of sorted) {
    kernel.push(bytes.subarray(from, at));
    from = at;
    if (!resumes) continue;
    rejects.push(...kernel.takeRejects());
    kernel = new WasmKernel(plan, kernel.checkpoint());
  }
  kernel.push(bytes.subarray(from));
  kernel.finish();
  return resultOf(kernel, rejects);
}

function wasmResultByteByByte(bytes: Uint8Array, plan: ReadPlan) {
  const kernel = new WasmKernel(plan);
  for (let at = 0; at < bytes.length; at++) kernel.push(bytes.subarray(at, at + 1));
  kernel.finish();
  return resultOf(kernel, []);
}

/** How many records the text has, blank ones included. */
function countRecords(bytes: Uint8Array, plan: ReadPlan): number {
  const kernel = new ReferenceKernel(plan);
  kernel.push(bytes);
  kernel.finish();
  return kernel.records;
}

/** Rows, the same ones well-formed so many times, in which what is around must not leave a trace, and the rows again. */
function amongUsualRows(rows: Row[], plan: ReadPlan, times: number): Buffer {
  const usual = rows.map((row) => ({
    ...row,
    isWhole: 1,
    lineEnd: 0,
    fields: row.fields.map((field) => ({ ...field, quoting: 0 })),
  }));
  const text = writeRows(rows, plan);
  return Buffer.concat([text, ...Array.from({ length: times }, () => writeRows(usual, plan)), text]);
}

test('any table in any dialect gives what the reference gives, however it is cut and resumed', () => {
  fc.assert(
    fc.property(anyPlan, fc.array(anyRow, { maxLength: 25 }), cuts, (plan, rows, cuts) => {
      const bytes = writeRows(rows, plan);
      expect(wasmResult(bytes, plan, cuts)).toEqual(referenceResult(bytes, plan));
    }),
    withinBudget(4000),
  );
});

test('so do tables that fill many blocks and stretches', () => {
  fc.assert(
    fc.property(
      anyPlan,
      fc.array(anyRow, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 10, max: 60 }),
      cuts,
      (plan, rows, times, cuts) => {
        const text = amongUsualRows(rows, plan, times);
        expect(wasmResult(text, plan, cuts)).toEqual(referenceResult(text, plan));
      },
    ),
    withinBudget(700),
  );
});

test('any bytes give what the reference gives, in one piece and byte by byte, and every record is accounted for', () => {
  fc.assert(
    fc.property(noise, anyPlan, cuts, (bytes, plan, cuts) => {
      const expected = referenceResult(bytes, plan);
      expect(wasmResult(bytes, plan, cuts)).toEqual(expected);
      expect(wasmResultByteByByte(bytes, plan)).toEqual(expected);
      const { rows, rowsRejected, blankLines } = expected.snapshot;
      const header = plan.hasHeader && countRecords(bytes, plan) > blankLines ? 1 : 0;
      expect(rows + rowsRejected + blankLines + header).toBe(countRecords(bytes, plan));
    }),
    withinBudget(2500),
  );
});

test('a sample is told apart into the same records, of which the same are faulty', () => {
  fc.assert(
    fc.property(anyPlan, fc.array(anyRow, { maxLength: 25 }), (plan, rows) => {
      const whole = { ...plan, hasHeader: false, maxRecordBytes: MAX_RECORD_BYTES, maxRejects: 1_000_000 };
      const text = writeRows(rows, whole);
      const { records } = readSampleRecords({ text, isComplete: true }, whole);
      const { snapshot } = referenceResult(text, whole);
      const { rejectedByReason } = snapshot;
      const faulty =
        rejectedByReason[RejectReason.MALFORMED_QUOTE]! + rejectedByReason[RejectReason.UNTERMINATED_QUOTE]!;
      expect(records.length).toBe(snapshot.rows + snapshot.rowsRejected);
      expect(records.filter(({ isFaulty }) => isFaulty)).toHaveLength(faulty);
      const odd = records.filter(({ fields, isFaulty }) => !isFaulty && fields.length !== plan.columnCount);
      expect(odd).toHaveLength(rejectedByReason[RejectReason.COLUMN_COUNT]!);
    }),
    withinBudget(2000),
  );
});

describe.each([
  ['several columns to group by, and periods of dates,', anyGroupedPlan],
  ['filters on any columns', anyFilteredPlan],
  ['several amounts and products', anyAmountsPlan],
])('%s', (_, anyQuestion) => {
  test('give what the reference gives, however the file is cut', () => {
    fc.assert(
      fc.property(anyQuestion, fc.array(anyRow, { maxLength: 25 }), cuts, (plan, rows, cuts) => {
        const bytes = writeRows(rows, plan);
        expect(wasmResult(bytes, plan, cuts)).toEqual(referenceResult(bytes, plan));
      }),
      withinBudget(4000),
    );
  });

  test('do so in tables that fill many stretches', () => {
    fc.assert(
      fc.property(
        anyQuestion,
        fc.array(anyRow, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 10, max: 60 }),
        fc.boolean(),
        (plan, rows, times, isUsual) => {
          const text = isUsual
            ? amongUsualRows(rows, plan, times)
            : Buffer.concat(Array.from({ length: times }, () => writeRows(rows, plan)));
          expect(wasmResult(text, plan, [])).toEqual(referenceResult(text, plan));
        },
      ),
      withinBudget(500),
    );
  });
});
