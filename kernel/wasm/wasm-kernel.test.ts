import { expect, test } from 'vitest';
import { MAX_NAME_BYTES } from '../kernel.ts';
import { CASE_PLAN } from '../testing/kernel-case.ts';
import { kernelMemoryBytes } from './memory-layout.ts';
import { WasmKernel } from './wasm-kernel.ts';

function rowsOf(count: number, name: (index: number) => string): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, index) => `${name(index)},${index}\n`).join(''));
}

test('bytes can be put right where the kernel wants them', () => {
  const kernel = new WasmKernel(CASE_PLAN);
  for (const text of ['a,1\nb', ',2\n', 'a,3']) {
    const room = kernel.reserve(100);
    kernel.take(room.length === 100 ? Buffer.from(room.buffer, room.byteOffset).write(text) : 0);
  }
  kernel.finish();
  expect(kernel.snapshot(1)).toMatchObject({ rows: 3, departments: 2, total: 6_000_000n });
});

test('chunks may lie in shared memory', () => {
  const kernel = new WasmKernel(CASE_PLAN);
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  shared.set(Buffer.from('a,5\n'));
  kernel.push(shared);
  expect(kernel.snapshot(1)).toMatchObject({ rows: 1, total: 5_000_000n });
});

test('the table moves as it grows, and rows behind a new department still find theirs', () => {
  const kernel = new WasmKernel(CASE_PLAN);
  for (const length of [5, 15, 40]) {
    const bytes = rowsOf(30_000, (index) => `${index}`.padStart(length, 'x'));
    kernel.push(bytes);
    kernel.push(bytes);
  }
  const totals = [...kernel.totals(10_000)].flat();
  expect(totals).toHaveLength(90_000);
  for (const { department, sum, count } of totals) {
    expect(count).toBe(2);
    expect(sum).toBe(2_000_000n * BigInt(department.replace(/^x+/, '')));
  }
});

test('a checkpoint takes a few bytes for each department, and none for the rows', () => {
  const kernel = new WasmKernel(CASE_PLAN);
  const bytes = rowsOf(10_000, (index) => `department ${index}`);
  kernel.push(bytes);
  const { length } = kernel.checkpoint();
  expect(length).toBeLessThan(10_000 * 110);
  for (let round = 0; round < 10; round++) kernel.push(bytes);
  expect(kernel.checkpoint()).toHaveLength(length);
  expect(new WasmKernel(CASE_PLAN).checkpoint().length).toBeLessThan(1000);
});

test('counts and sums go on beyond what a department has at hand', () => {
  const plan = { ...CASE_PLAN, allowNegative: true };
  const kernel = new WasmKernel(plan);
  kernel.push(Buffer.from('a,0\nb,0\n'));
  const state = kernel.checkpoint();
  // As if there had been 2^32 - 2 rows with all but one unit of what 63 bits hold.
  const entry = state.length - 2 * 64;
  const view = new DataView(state.buffer, state.byteOffset + entry);
  view.setUint32(24, 2 ** 32 - 2, true);
  view.setBigInt64(0, 2n ** 63n - 1_000_001n, true);
  // The rows of both.
  new DataView(state.buffer, state.byteOffset).setBigUint64(24, 2n ** 32n - 1n, true);
  const resumed = new WasmKernel(plan, state);
  const rows = 'a,1\na,1.5\nb,7\na,-0.5\na,999999999999999999\n';
  resumed.push(Buffer.from(rows));
  const again = new WasmKernel(plan, resumed.checkpoint());
  again.push(Buffer.from('a,-999999999999999999\n'));
  for (const [kernel, count, sum] of [
    [resumed, 2 ** 32 + 2, 2n ** 63n + 999_999n + 10n ** 24n - 10n ** 6n],
    [again, 2 ** 32 + 3, 2n ** 63n + 999_999n],
  ] as const) {
    expect([...kernel.totals(10)].flat()).toMatchObject([
      { department: 'a', count, sum },
      { department: 'b', count: 2, sum: 7_000_000n },
    ]);
    expect(kernel.snapshot(1)).toMatchObject({ top: [{ department: 'a', sum }], total: sum + 7_000_000n });
  }
});

test('a state that cannot be is refused and never trapped on', () => {
  const kernel = new WasmKernel(CASE_PLAN);
  kernel.push(rowsOf(50, (index) => `department ${index}`));
  const state = kernel.checkpoint();
  const invalid = expect.objectContaining({ code: 'CHECKPOINT_INVALID' });
  for (const length of [0, 100, state.length - 1]) {
    expect(() => new WasmKernel(CASE_PLAN, state.subarray(0, length))).toThrow(invalid);
  }
  expect(() => new WasmKernel({ ...CASE_PLAN, maxDepartments: 49 }, state)).toThrow(invalid);
  // Wherever a byte is wrong, there is an answer; the checksum around it is not the kernel's.
  for (let at = 0; at < state.length; at += 7) {
    const damaged = Uint8Array.from(state);
    damaged[at]! ^= 0xff;
    try {
      new WasmKernel(CASE_PLAN, damaged).snapshot(0);
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/CHECKPOINT_INVALID|OUT_OF_MEMORY/) });
    }
  }
});

test('a state that holds more of a record than there is room for before a piece is refused', () => {
  const plan = { ...CASE_PLAN, maxRecordBytes: 100 };
  const state = new WasmKernel(plan).checkpoint();
  const holding = (bytes: number) => {
    const forged = Buffer.concat([state, Buffer.alloc(bytes, 'x')]);
    forged.writeUInt32LE(bytes, 192);
    // The file and the record are so long, the record is unfinished and its fault is its length.
    forged.writeUInt32LE(bytes, 0);
    forged.writeUInt32LE(1, 44);
    forged.writeUInt32LE(bytes, 56);
    forged.writeUInt32LE(3, 64);
    return () => new WasmKernel(plan, forged);
  };
  // The part that is kept of a record that is too long.
  expect(holding(1001)).not.toThrow();
  expect(holding(1002)).toThrow(expect.objectContaining({ code: 'CHECKPOINT_INVALID' }));
});

test('the most memory of a job follows from its limits', () => {
  const megabytes = (maxDepartments: number) =>
    (kernelMemoryBytes({ maxRecordBytes: 1024 * 1024, maxDepartments }) - MAX_NAME_BYTES) / 2 ** 20;
  expect(megabytes(10_000)).toBeLessThan(8);
  const limits = { maxRecordBytes: 1024 * 1024, maxDepartments: 1_000_000 };
  const more = kernelMemoryBytes({ ...limits, amounts: { length: 8 } }) - kernelMemoryBytes(limits);
  // Memory comes in whole pages.
  expect(Math.abs(more - 7 * 2 * 64 * 1_000_000)).toBeLessThan(65_536);
  expect(kernelMemoryBytes({ ...limits, maxDepartments: 12_000_000, amounts: { length: 8 } })).toBeLessThan(2 ** 32);
  expect(megabytes(1_000_000)).toBeLessThan(240);
  expect(megabytes(10_000_000) * 2 ** 20 + MAX_NAME_BYTES).toBeLessThan(2 ** 32);
  expect(megabytes(Number.MAX_SAFE_INTEGER) * 2 ** 20 + MAX_NAME_BYTES).toBeLessThan(2 ** 32);
});

test('names together have a limit', () => {
  const kernel = new WasmKernel(CASE_PLAN);
  const name = Buffer.alloc(1024 * 1024 - 10, 'n');
  const push = () => {
    for (let index = 0; index < 600; index++) {
      name.write(String(index).padStart(4, '0'));
      kernel.push(name);
      kernel.push(Buffer.from(',1\n'));
    }
  };
  expect(push).toThrow(
    expect.objectContaining({
      code: 'TOO_MANY_DEPARTMENTS',
      message: expect.stringMatching(/department names/),
    }),
  );
  expect(kernel.snapshot(0).departments).toBe(Math.floor(MAX_NAME_BYTES / name.length));
});
