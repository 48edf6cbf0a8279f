import { closeSync, openSync, readSync } from 'node:fs';
import { STRETCH_BYTES } from '#gen/kernel-constants.ts';
import { MAX_RECORD_BYTES, type ReadPlan } from '../../kernel/kernel.ts';
import { createMemory, layOutMemory, PIECE_BYTES } from '../../kernel/wasm/memory-layout.ts';
import { instantiateKernel } from '../../kernel/wasm/module.ts';
import { WasmKernel } from '../../kernel/wasm/wasm-kernel.ts';
import type { SalesFile } from './sales-file.ts';

/** The outcome of a pass, to compare with that of others. */
export interface Pass {
  milliseconds: number;
  rows: number;
  departments: number;
  total: bigint;
}

function planFor({ columnCount, departmentIndex, amountIndex }: SalesFile): ReadPlan {
  return {
    delimiter: 44,
    quote: 34,
    hasHeader: true,
    columnCount,
    departmentIndex,
    amountIndex,
    decimalSeparator: 46,
    groupSeparator: 44,
    isAnyGroup: true,
    currency: '',
    allowNegative: false,
    trim: true,
    maxRecordBytes: MAX_RECORD_BYTES,
    maxDepartments: 1_000_000,
    maxRejects: 1_000_000,
  };
}

/**
 * Totals a file: its bytes are read right into the kernel's memory, as a chunk of an upload is copied there.
 *
 * @param question what is asked besides the plain question
 */
export function totalFile(sales: SalesFile, question: Partial<ReadPlan> = {}): Pass {
  const startedAt = performance.now();
  const kernel = new WasmKernel({ ...planFor(sales), ...question });
  const file = openSync(sales.path, 'r');
  for (;;) {
    const length = readSync(file, kernel.reserve(PIECE_BYTES));
    if (length === 0) break;
    kernel.take(length);
  }
  closeSync(file);
  kernel.finish();
  const milliseconds = performance.now() - startedAt;
  const { rows, departments, total } = kernel.snapshot(0);
  return { milliseconds, rows, departments, total };
}

/** Reads a file in the same way, but only indexes its separators: no kernel of this kind can beat that. */
export function indexFile(sales: SalesFile): number {
  const plan = planFor(sales);
  const layout = layOutMemory(plan);
  const memory = createMemory(layout);
  const wasm = instantiateKernel(memory, { report() {}, fetchUnit() {} });
  wasm.placeRegions(layout.scratch, layout.input, layout.inputEnd, layout.slots, layout.entries);
  wasm.setFormat(44, 34, plan.columnCount, plan.departmentIndex, plan.amountIndex, 46, 44, true, false, true, 0);
  const room = new Uint8Array(memory.buffer, layout.input, PIECE_BYTES);
  const startedAt = performance.now();
  const file = openSync(sales.path, 'r');
  for (;;) {
    const length = readSync(file, room);
    if (length === 0) break;
    for (let at = 0; at < length; at += STRETCH_BYTES) {
      wasm.indexSeparators(layout.input + at, layout.input + Math.min(at + STRETCH_BYTES, length));
    }
  }
  closeSync(file);
  return performance.now() - startedAt;
}
