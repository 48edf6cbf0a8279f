import { randomInt } from 'node:crypto';
import { ENTRY_NAME } from '#gen/kernel-constants.ts';
import { keysOf } from '../group-key.ts';
import type { KernelTotal, NamesReport } from '../kernel.ts';
import { foldName, isHalf, isTotalName, mayBeTotal as isTotalPrefix, totalledName } from '../total-names.ts';
import type { WasmDepartments } from './departments.ts';
import { type FoldedHash, hashFolded } from './folded-hash.ts';
import { mayNameTotal } from './total-initials.ts';

/** With more departments, only names that are such a word and nothing else are looked at as sums of others. */
const FEW_DEPARTMENTS = 20_000;
const MAX_TOTALS = 10;
/** Among fewer departments, a sum of the others may be chance. */
const ENOUGH_DEPARTMENTS = 5;
/** Of a name that is shown. */
const MAX_SHOWN_BYTES = 200;
/** Of a name that may be a word for a sum. */
const MAX_TOTAL_BYTES = 40;
/** Slots that are looked at for a name. In a table that is half empty a search hardly ever goes so far by chance. */
const MAX_PROBES = 64;
/** Names that are looked at together: their slots are fetched at the same time, instead of one after the other. */
const BLOCK = 512;

/**
 * Looks at the names of all departments once: some 70 ns and 20 bytes each. Texts are made of few names only, see
 * {@link hashFolded}.
 */
export function reportNames(departments: WasmDepartments, count: number, total: bigint): NamesReport {
  const totals = new TotalNames(departments, count, total);
  const similar = new SimilarNames(departments, count);
  const broken = { count: 0, first: '' };
  const addresses = departments.addresses(count);
  for (let at = 0; at < count; at += BLOCK) {
    const block = addresses.subarray(at, at + BLOCK);
    for (const entry of block) totals.add(entry);
    const breaks = similar.add(block);
    if (breaks.length > 0 && broken.count === 0) {
      broken.first = departments.nameBytes(breaks[0]!).toString('utf8', 0, MAX_SHOWN_BYTES);
    }
    broken.count += breaks.length;
  }
  return { totals: totals.found(), similar: similar.found, broken };
}

/**
 * Looks at the values of all groups of several columns: a row that holds the sum of others is told by its name in any of
 * them. Names that look alike, and those with line breaks, are not told: they are those of one column.
 */
export function reportKeys(departments: WasmDepartments, count: number): NamesReport {
  const totals: KernelTotal[] = [];
  for (const entry of departments.addresses(count)) {
    const name = keysOf(departments.nameBytes(entry).toString()).find(isTotalName);
    if (name === undefined) continue;
    totals.push({ ...departments.total(entry), department: name });
    if (totals.length === MAX_TOTALS) break;
  }
  return { totals, similar: { count: 0, first: undefined }, broken: { count: 0, first: '' } };
}

/** Finds the departments that may be sums of others. */
class TotalNames {
  readonly #departments: WasmDepartments;
  readonly #count: number;
  readonly #total: bigint;
  /** The sum of a row that holds all others. */
  readonly #half: bigint | undefined;
  readonly #found: KernelTotal[] = [];
  /** Names such as `Toys Total`. */
  readonly #partial: { entry: number; part: string }[] = [];

  constructor(departments: WasmDepartments, count: number, total: bigint) {
    this.#departments = departments;
    this.#count = count;
    this.#total = total;
    this.#half = count >= ENOUGH_DEPARTMENTS && total !== 0n && total % 2n === 0n ? total / 2n : undefined;
  }

  add(entry: number): void {
    if (this.#half !== undefined && this.#departments.isSum(entry, this.#half)) this.#take(entry);
    else if (this.#found.length < MAX_TOTALS && this.#isWorthALook(entry)) this.#judge(entry);
  }

  #isWorthALook(entry: number): boolean {
    const length = this.#departments.nameLength(entry);
    if (length > MAX_TOTAL_BYTES) return false;
    return this.#count <= FEW_DEPARTMENTS || mayNameTotal(this.#departments.bytes, entry + ENTRY_NAME, length);
  }

  #judge(entry: number): void {
    const name = this.#departments.nameBytes(entry).toString();
    const part = this.#count <= FEW_DEPARTMENTS ? totalledName(name) : undefined;
    const isSum = isTotalPrefix(name) && isHalf(this.#departments.total(entry).sum, this.#total);
    if (isTotalName(name) || isSum) this.#take(entry);
    else if (part !== undefined) this.#partial.push({ entry, part: foldName(part) });
  }

  /** All that were found: sums of everything or, if there are none, sums of a part that has a department of its own. */
  found(): KernelTotal[] {
    if (this.#found.length > 0 || this.#partial.length === 0) return this.#found;
    const names = new Set(
      Array.from(this.#departments.addresses(this.#count), (entry) =>
        foldName(this.#departments.nameBytes(entry).toString()),
      ),
    );
    return this.#partial
      .filter(({ part }) => names.has(part))
      .slice(0, MAX_TOTALS)
      .map(({ entry }) => this.#departments.total(entry));
  }

  #take(entry: number): void {
    this.#found.push(this.#departments.total(entry));
  }
}

/** Finds names that fold to the text of an earlier one, by a table of their hashes. */
class SimilarNames {
  readonly found: NamesReport['similar'] = { count: 0, first: undefined };
  readonly #departments: WasmDepartments;
  /** Two numbers each: a hash, and the address of the entry, 0 for a slot that is free. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  // A file that was made for it could let names collide, but for a start that nobody knows and a bound on each search.
  readonly #start = randomInt(2 ** 31);
  readonly #folded: FoldedHash = { hash: 0, hasLineBreak: false };
  readonly #hashes = new Int32Array(BLOCK);

  constructor(departments: WasmDepartments, count: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, count * 2)));
    this.#departments = departments;
    this.#slots = new Int32Array(slots * 2);
    this.#mask = slots - 1;
  }

  /** @returns the entries among up to {@link BLOCK} whose names have line breaks */
  add(entries: Uint32Array): number[] {
    const { bytes } = this.#departments;
    const breaks: number[] = [];
    const folded = this.#folded;
    for (let index = 0; index < entries.length; index++) {
      const from = entries[index]! + ENTRY_NAME;
      hashFolded(bytes, from, from + this.#departments.nameLength(entries[index]!), this.#start, folded);
      this.#hashes[index] = folded.hash;
      if (folded.hasLineBreak) breaks.push(entries[index]!);
    }
    this.#fetch(entries.length);
    for (let index = 0; index < entries.length; index++) this.#find(entries[index]!, this.#hashes[index]!);
    return breaks;
  }

  /** Reads the slots of a block: the processor waits for many of them at once. */
  #fetch(count: number): number {
    let sum = 0;
    for (let index = 0; index < count; index++) sum += this.#slots[(this.#hashes[index]! & this.#mask) * 2]!;
    return sum;
  }

  /** Finds a name that is like this one, or keeps it. */
  #find(entry: number, hash: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash & mask;
    for (let probes = 1; slots[slot * 2 + 1] !== 0; probes++) {
      if (probes > MAX_PROBES) return;
      if (slots[slot * 2] === hash && this.#isSimilar(entry, slots[slot * 2 + 1]! >>> 0)) return;
      slot = (slot + 1) & mask;
    }
    slots[slot * 2] = hash;
    slots[slot * 2 + 1] = entry;
  }

  /** Whether a name is like a known one, which is counted then. */
  #isSimilar(entry: number, other: number): boolean {
    const name = this.#departments.nameBytes(entry).toString();
    const otherName = this.#departments.nameBytes(other).toString();
    if (foldName(name) !== foldName(otherName)) return false;
    this.found.count++;
    this.found.first ??= [otherName, name];
    return true;
  }
}
