import { SLACK, STATE, STATE_BYTES, UNIT_BYTES } from '#gen/kernel-constants.ts';
import { KernelError, MAX_REJECT_RAW_BYTES } from '../kernel.ts';
import { outOfMemory } from './limit-errors.ts';
import type { MemoryLayout } from './memory-layout.ts';
import type { WasmExports } from './module.ts';
import { isStatePossible, lengthsOf } from './state-numbers.ts';

/**
 * The state of a kernel: the block of counters, the record that was cut, the entries, as they lie. It has memory of its own,
 * which another thread may get.
 */
export function writeState(memory: WebAssembly.Memory, wasm: WasmExports): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(memory.buffer);
  const block = bytes.subarray(STATE, STATE + STATE_BYTES);
  const { held, units } = lengthsOf(block);
  const heldAt = wasm.held.value;
  const entriesAt = wasm.entries.value >>> 0;
  // Not of a pool, as Buffer.concat would have it.
  const state = new Uint8Array(STATE_BYTES + held + units * UNIT_BYTES);
  state.set(block);
  state.set(bytes.subarray(heldAt, heldAt + held), STATE_BYTES);
  state.set(bytes.subarray(entriesAt, entriesAt + units * UNIT_BYTES), STATE_BYTES + held);
  return state;
}

/**
 * Puts a state back into a new instance.
 *
 * @param limits.maxRecordBytes of the plan
 * @throws KernelError `CHECKPOINT_INVALID` for what no kernel with these limits can have come to, `OUT_OF_MEMORY`
 */
export function readState(
  state: Uint8Array,
  memory: WebAssembly.Memory,
  wasm: WasmExports,
  { maxRecordBytes, layout }: { maxRecordBytes: number; layout: MemoryLayout },
): void {
  const { block, held, departments, entries } = openState(state, maxRecordBytes, layout);
  if (wasm.growTable(departments) === 0) throw outOfMemory();
  const entriesAt = wasm.entries.value >>> 0;
  if (wasm.ensureMemory(entriesAt + entries + SLACK) === 0) throw outOfMemory();
  const heldAt = wasm.reservePiece(0);
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(block, STATE);
  let at = STATE_BYTES;
  for (const [address, length] of [
    [heldAt, held],
    [entriesAt, entries],
  ] as const) {
    bytes.set(state.subarray(at, at + length), address);
    at += length;
  }
  if (wasm.restoreDepartments() === 0) throw invalid();
}

/**
 * Merges a state into a running instance: see `assembly/merge.ts`.
 *
 * @returns the number of a failure, 0 for none
 * @throws KernelError `CHECKPOINT_INVALID`
 */
export function mergeState(
  state: Uint8Array,
  memory: WebAssembly.Memory,
  wasm: WasmExports,
  {
    maxRecordBytes,
    layout,
    amounts,
  }: { maxRecordBytes: number; layout: MemoryLayout; amounts?: readonly unknown[] | undefined },
): number {
  const { block, held, departments, units, rows } = openState(state, maxRecordBytes, layout);
  if (held > 0) throw invalid();
  // Nothing is held there between two records.
  const room = () => new Uint8Array(memory.buffer, layout.input, layout.inputEnd - layout.input);
  room().set(block);
  wasm.mergeCounters(layout.input);
  for (let at = STATE_BYTES; at < state.length; ) {
    const most = layout.inputEnd - layout.input;
    const chunk = state.subarray(at, at + most - (most % UNIT_BYTES));
    room().set(chunk);
    const merged = wasm.mergeEntries(layout.input, layout.input + chunk.length, units);
    if (merged < -1) return -1 - merged;
    if (merged <= 0) throw invalid();
    at += merged;
  }
  // Of several amounts the first one may be missing in some rows.
  const merged = wasm.mergedRows.value;
  const areRowsPossible = merged === rows || ((amounts?.length ?? 1) > 1 && merged < rows);
  if (wasm.mergedDepartments.value !== departments || !areRowsPossible) throw invalid();
  return 0;
}

/** Where the entries begin in a state. */
export function entriesOffset(state: Uint8Array): number {
  return STATE_BYTES + lengthsOf(state).held;
}

/** Takes a state apart, which may be anybody's. @throws KernelError `CHECKPOINT_INVALID` */
function openState(state: Uint8Array, maxRecordBytes: number, layout: MemoryLayout) {
  if (state.length < STATE_BYTES) throw invalid();
  const block = state.subarray(0, STATE_BYTES);
  const lengths = lengthsOf(block);
  const entries = lengths.units * UNIT_BYTES;
  const isPossible =
    state.length === STATE_BYTES + lengths.held + entries &&
    lengths.departments <= layout.maxDepartments &&
    lengths.departments <= lengths.units &&
    entries <= layout.maxBytes &&
    isStatePossible(block, { maxRecordBytes, maxHeldBytes: MAX_REJECT_RAW_BYTES + 1 });
  if (!isPossible) throw invalid();
  return { block, entries, ...lengths };
}

function invalid(): KernelError {
  return new KernelError(
    'CHECKPOINT_INVALID',
    'the checkpoint does not match this file or these limits; start from the first byte of the file',
  );
}
