import { SLACK, STATE, STATE_BYTES, UNIT_BYTES } from '#gen/kernel-constants.ts';
import { KernelError, MAX_REJECT_RAW_BYTES } from '../kernel.ts';
import { outOfMemory } from './limit-errors.ts';
import type { MemoryLayout } from './memory-layout.ts';
import type { WasmExports } from './module.ts';
import { isStatePossible, lengthsOf } from './state-numbers.ts';

/** The state of a kernel: the block of counters, the record that was cut, the entries, as they lie. */
export function writeState(memory: WebAssembly.Memory, wasm: WasmExports): Uint8Array {
  const bytes = new Uint8Array(memory.buffer);
  const block = bytes.subarray(STATE, STATE + STATE_BYTES);
  const { held, units } = lengthsOf(block);
  const heldAt = wasm.held.value;
  return Buffer.concat([
    block,
    bytes.subarray(heldAt, heldAt + held),
    bytes.subarray(wasm.entries.value >>> 0, (wasm.entries.value >>> 0) + units * UNIT_BYTES),
  ]);
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
  if (state.length < STATE_BYTES) throw invalid();
  const block = state.subarray(0, STATE_BYTES);
  const { held, departments, units } = lengthsOf(block);
  const entries = units * UNIT_BYTES;
  const isPossible =
    state.length === STATE_BYTES + held + entries &&
    departments <= layout.maxDepartments &&
    departments <= units &&
    entries <= layout.maxBytes &&
    isStatePossible(block, { maxRecordBytes, maxHeldBytes: MAX_REJECT_RAW_BYTES + 1 });
  if (!isPossible) throw invalid();
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

function invalid(): KernelError {
  return new KernelError(
    'CHECKPOINT_INVALID',
    'the checkpoint does not match this file or these limits; start from the first byte of the file',
  );
}
