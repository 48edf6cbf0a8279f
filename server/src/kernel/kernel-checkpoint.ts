import { outOfMemory } from './department-limits.ts';
import { KernelError } from './kernel.ts';
import { ENTRY_BYTES, type MemoryLayout } from './memory-layout.ts';
import type { WasmExports } from './wasm-module.ts';

// Where things are: `assembly/state.ts`.
const STATE = 1024;
const STATE_BYTES = 200;
const DEPARTMENTS = 176;
const NAMES_USED = 180;
const HELD_BYTES = 192;
/** The longest read of names goes so far beyond their end. */
const SLACK_BYTES = 64;

/** The state of a kernel: the block of counters, the record that was cut, the entries and the names, as they lie. */
export function writeState(memory: WebAssembly.Memory, wasm: WasmExports): Uint8Array {
  const bytes = new Uint8Array(memory.buffer);
  const block = bytes.subarray(STATE, STATE + STATE_BYTES);
  const { held, entries, names } = lengthsOf(block);
  const heldAt = wasm.held.value;
  return Buffer.concat([
    block,
    bytes.subarray(heldAt, heldAt + held),
    bytes.subarray(wasm.entries.value >>> 0, (wasm.entries.value >>> 0) + entries),
    bytes.subarray(wasm.names.value >>> 0, (wasm.names.value >>> 0) + names),
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
  const { held, entries, names } = lengthsOf(block);
  const isPossible =
    state.length === STATE_BYTES + held + entries + names &&
    held <= layout.inputEnd - layout.input &&
    entries <= layout.maxDepartments * ENTRY_BYTES &&
    names <= layout.maxBytes;
  if (!isPossible) throw invalid();
  if (wasm.growTable(entries / ENTRY_BYTES) === 0) throw outOfMemory();
  if (wasm.ensureMemory((wasm.names.value >>> 0) + names + SLACK_BYTES) === 0) throw outOfMemory();
  const heldAt = wasm.reservePiece(0);
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(block, STATE);
  let at = STATE_BYTES;
  for (const [address, length] of [
    [heldAt, held],
    [wasm.entries.value >>> 0, entries],
    [wasm.names.value >>> 0, names],
  ] as const) {
    bytes.set(state.subarray(at, at + length), address);
    at += length;
  }
  if (wasm.restoreDepartments() === 0) throw invalid();
}

function lengthsOf(block: Uint8Array): { held: number; entries: number; names: number } {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  return {
    held: view.getUint32(HELD_BYTES, true),
    entries: view.getUint32(DEPARTMENTS, true) * ENTRY_BYTES,
    names: view.getUint32(NAMES_USED, true),
  };
}

function invalid(): KernelError {
  return new KernelError('CHECKPOINT_INVALID', 'the checkpoint does not fit this file or these limits: start anew');
}
