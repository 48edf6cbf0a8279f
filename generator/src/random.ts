/** Numbers made at a time: one call for each would cost more than the number. */
const BATCH = 4096;

/**
 * A small fast random number generator (sfc32, of the PractRand suite): 128 bits of state, whole 32-bit numbers only,
 * so the same seed gives the same numbers on every machine.
 */
export class Random {
  readonly #batch = new Uint32Array(BATCH);
  #used = BATCH;
  #a: number;
  #b = 0;
  #c = 0;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    // Drops the first numbers, in which close seeds still resemble each other.
    this.#refill();
    this.#used = BATCH;
  }

  /** A number from 0 to 2^32 - 1. */
  next(): number {
    if (this.#used === BATCH) this.#refill();
    return this.#batch[this.#used++]!;
  }

  #refill(): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let counter = this.#counter;
    for (let at = 0; at < BATCH; at++) {
      const result = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + result) | 0;
      this.#batch[at] = result;
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#counter = counter;
    this.#used = 0;
  }
}

/** Turns any text into a seed (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
