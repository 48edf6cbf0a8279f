import { outOfMemory } from './department-limits.ts';
import { KernelError } from './kernel.ts';
import { type MemoryLayout, PIECE_BYTES, STATE, UNIT_BYTES } from './memory-layout.ts';
import type { WasmExports } from './wasm-module.ts';

// Where things are: `assembly/state.ts`.
const STATE_BYTES = 448;
const DEPARTMENTS = 176;
const UNITS = 180;
const HELD_BYTES = 192;
/** Reads go so far beyond the end of the last entry. */
const SLACK_BYTES = 64;

/** The state of a kernel: the block of counters, the record that was cut, the entries, as they lie. */
export function writeState(memory: WebAssembly.Memory, wasm: WasmExports): Uint8Array {
  const bytes = new Uint8Array(memory.buffer);
  const block = bytes.subarray(STATE, STATE + STATE_BYTES);
  const { held, entries } = lengthsOf(block);
  const heldAt = wasm.held.value;
  return Buffer.concat([
    block,
    bytes.subarray(heldAt, heldAt + held),
    bytes.subarray(wasm.entries.value >>> 0, (wasm.entries.value >>> 0) + entries),
  ]);
}

/** Puts a state back into a new instance. @throws KernelError `CHECKPOINT_INVALID`, `OUT_OF_MEMORY` */
export function readState(
  state: Uint8Array,
  memory: WebAssembly.Memory,
  wasm: WasmExports,
  layout: MemoryLayout,
): void {
  if (state.length < STATE_BYTES) throw invalid();
  const block = state.subarray(0, STATE_BYTES);
  const { held, departments, entries } = lengthsOf(block);
  const isPossible =
    state.length === STATE_BYTES + held + entries &&
    // A piece must fit in behind it.
    held <= layout.inputEnd - layout.input - 2 * PIECE_BYTES &&
    departments <= layout.maxDepartments &&
    entries <= layout.maxBytes;
  if (!isPossible) throw invalid();
  if (wasm.growTable(departments) === 0) throw outOfMemory();
  const entriesAt = wasm.entries.value >>> 0;
  if (wasm.ensureMemory(entriesAt + entries + SLACK_BYTES) === 0) throw outOfMemory();
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

function lengthsOf(block: Uint8Array): { held: number; departments: number; entries: number } {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  return {
    held: view.getUint32(HELD_BYTES, true),
    departments: view.getUint32(DEPARTMENTS, true),
    entries: view.getUint32(UNITS, true) * UNIT_BYTES,
  };
}

function invalid(): KernelError {
  return new KernelError('CHECKPOINT_INVALID', 'the checkpoint does not fit this file or these limits: start anew');
}
