import { isUtf8 } from 'node:buffer';
import { tooManyDepartments, tooManyNameBytes } from './department-limits.ts';
import { MAX_NAME_BYTES } from './kernel.ts';

const FIRST_SLOTS = 1024;
const FIRST_ARENA_BYTES = 16 * 1024;

/** A slot: the hash, the department's number + 1 (0 if the slot is free), where its name begins and how long it is. */
const SLOT_FIELDS = 4;
const HASH = 0;
const NUMBER = 1;
const NAME = 2;
const LENGTH = 3;

/** Mixes one byte into a hash (FNV-1a). A name's hash starts at {@link DepartmentTable.seed}. */
export function mixByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/**
 * Departments by the bytes of their name: open addressing over one byte arena. No string is made to look one up, so a
 * row costs no garbage. Departments are numbered from 0 in the order in which they were first seen.
 */
export class DepartmentTable {
  count = 0;
  /** Differs from table to table, so that nobody can prepare a file whose names all collide. */
  readonly seed = (Math.random() * 2 ** 32) | 0;

  readonly #maxDepartments: number;
  /** All that a search needs, side by side in one cache line; see the fields of a slot above. */
  #slots = new Int32Array(FIRST_SLOTS * SLOT_FIELDS);
  #mask = FIRST_SLOTS - 1;
  #arena = Buffer.alloc(FIRST_ARENA_BYTES);
  /** Where names begin; a name ends where the next begins. */
  #starts = new Uint32Array(FIRST_SLOTS);

  constructor(maxDepartments: number) {
    this.#maxDepartments = maxDepartments;
  }

  /** The hash of a name. */
  hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.seed;
    for (let at = start; at < end; at++) hash = mixByte(hash, bytes[at]!);
    return hash;
  }

  /** The number of a department, or -1 if it is not known yet. `hash` must be that of the name. */
  find(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    const length = end - start;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * SLOT_FIELDS;
      const number = slots[at + NUMBER]!;
      if (number === 0) return -1;
      if (slots[at + HASH] !== hash || slots[at + LENGTH] !== length) continue;
      const arena = this.#arena;
      const name = slots[at + NAME]! - start;
      let same = start;
      while (same < end && arena[name + same] === bytes[same]) same++;
      if (same === end) return number - 1;
    }
  }

  /**
   * The number of a department, a new one if it is not known yet, or -1 if its name is not valid UTF-8.
   *
   * Validity is checked only for new names: an invalid one never gets into the table, so it is never found.
   *
   * @throws KernelError `TOO_MANY_DEPARTMENTS`
   */
  findOrAdd(bytes: Uint8Array, start: number, end: number): number {
    const hash = this.hash(bytes, start, end);
    const id = this.find(hash, bytes, start, end);
    if (id >= 0) return id;
    return isUtf8(bytes.subarray(start, end)) ? this.#add(hash, bytes, start, end) : -1;
  }

  #add(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const id = this.count;
    if (id >= this.#maxDepartments) throw tooManyDepartments(this.#maxDepartments);
    const from = this.#starts[id]!;
    const to = from + end - start;
    if (to > MAX_NAME_BYTES) throw tooManyNameBytes();
    this.#reserve(id + 2, to);
    this.#arena.set(bytes.subarray(start, end), from);
    this.#starts[id + 1] = to;
    this.#occupy(hash, id);
    this.count = id + 1;
    return id;
  }

  name(id: number): string {
    return this.#arena.toString('utf8', this.#starts[id]!, this.#starts[id + 1]!);
  }

  /** Below zero if the first name comes first in the order of the bytes, which is code point order. */
  compareNames(a: number, b: number): number {
    const arena = this.#arena;
    let atA = this.#starts[a]!;
    let atB = this.#starts[b]!;
    const lengthA = this.#starts[a + 1]! - atA;
    const lengthB = this.#starts[b + 1]! - atB;
    for (let left = Math.min(lengthA, lengthB); left > 0; left--) {
      const difference = arena[atA++]! - arena[atB++]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  /** The byte of a name at an index, or -1 after its end. */
  nameByte(id: number, index: number): number {
    const at = this.#starts[id]! + index;
    return at < this.#starts[id + 1]! ? this.#arena[at]! : -1;
  }

  #occupy(hash: number, id: number): void {
    const slots = this.#slots;
    let at = (spread(hash) & this.#mask) * SLOT_FIELDS;
    while (slots[at + NUMBER] !== 0) at = (at + SLOT_FIELDS) & (slots.length - 1);
    slots[at + HASH] = hash;
    slots[at + NUMBER] = id + 1;
    slots[at + NAME] = this.#starts[id]!;
    slots[at + LENGTH] = this.#starts[id + 1]! - this.#starts[id]!;
  }

  #reserve(starts: number, arenaBytes: number): void {
    if (starts > this.#starts.length) {
      const grown = new Uint32Array(this.#starts.length * 2);
      grown.set(this.#starts);
      this.#starts = grown;
    }
    if (arenaBytes > this.#arena.length) {
      const grown = Buffer.alloc(Math.max(this.#arena.length * 2, arenaBytes));
      grown.set(this.#arena);
      this.#arena = grown;
    }
    // At most half full, so that a search for an unknown name ends soon.
    if (this.count * 2 >= this.#mask) this.#rehash();
  }

  #rehash(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#slots.length / SLOT_FIELDS - 1;
    for (let at = 0; at < old.length; at += SLOT_FIELDS) {
      if (old[at + NUMBER] !== 0) this.#occupy(old[at + HASH]!, old[at + NUMBER]! - 1);
    }
  }
}

/** FNV leaves the low bits weak: what tells short names apart sits high. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}
