import { type MemoryLayout, PIECE_BYTES } from './memory-layout.ts';
import type { WasmExports } from './module.ts';

/** Totals that are written at once, at most. */
const LIST_LENGTH = 4096;
const LIST_BYTES = LIST_LENGTH * 4;

/** Has a kernel write totals as bytes, where the next piece of the file would go. */
export class TotalsEncoder {
  readonly #memory: WebAssembly.Memory;
  readonly #wasm: WasmExports;
  readonly #to: number;

  constructor(memory: WebAssembly.Memory, wasm: WasmExports, { inputEnd }: MemoryLayout) {
    this.#memory = memory;
    this.#wasm = wasm;
    this.#to = inputEnd;
  }

  /**
   * Returns the messages of departments one behind the other, in memory of their own.
   *
   * @param encodeOther makes the message of one that the kernel cannot write
   */
  encode(entries: Uint32Array, encodeOther: (entry: number) => Uint8Array): Uint8Array<ArrayBuffer> {
    const wasm = this.#wasm;
    const parts: Uint8Array[] = [];
    // A multiple of four, behind a record that may be open.
    const list = (wasm.reservePiece(PIECE_BYTES) + 3) & ~3;
    const from = list + LIST_BYTES;
    for (let done = 0; done < entries.length; ) {
      const some = entries.subarray(done, done + LIST_LENGTH);
      new Uint32Array(this.#memory.buffer, list, some.length).set(some);
      const written = wasm.writeTotals(list, some.length, from, this.#to);
      parts.push(new Uint8Array(this.#memory.buffer.slice(from, wasm.totalsEnd.value)));
      done += written;
      if (written === 0) parts.push(encodeOther(entries[done++]!));
    }
    // Not of a pool, as Buffer.concat would have it: it may change hands with other threads.
    const batch = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      batch.set(part, at);
      at += part.length;
    }
    return batch;
  }
}
