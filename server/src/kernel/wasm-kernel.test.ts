import { expect, test } from 'vitest';
import type { Kernel, ReadPlan } from './kernel.ts';
import { CASE_PLAN } from './kernel-case.ts';
import { KERNEL_CASES } from './kernel-cases.ts';
import { everyCut, runKernel } from './kernel-outcome.ts';
import { WasmKernel } from './wasm-kernel.ts';

function createKernel(plan: Partial<ReadPlan> = {}): Kernel {
  return new WasmKernel({ ...CASE_PLAN, ...plan });
}

test.each(KERNEL_CASES)('$behaviour', ({ csv, plan, totals, rejects = [], blankLines = 0 }) => {
  const bytes = Buffer.from(csv);
  const whole = runKernel(createKernel(plan), [bytes]);
  expect(whole).toMatchObject({ totals, rejects, blankLines });
  for (const pieces of everyCut(bytes)) expect(runKernel(createKernel(plan), pieces)).toEqual(whole);
});
test.each(KERNEL_CASES)('$behaviour, the same in the second half of a file', ({ csv, plan }) => {
  const bytes = Buffer.concat([Buffer.from(csv), Buffer.from('\n'), Buffer.from(csv)]);
  const whole = runKernel(createKernel(plan), [bytes]);
  for (const pieces of everyCut(bytes)) expect(runKernel(createKernel(plan), pieces)).toEqual(whole);
});
