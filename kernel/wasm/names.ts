import { randomInt } from 'node:crypto';
import type { KernelTotal, NamesReport } from '../kernel.ts';
import { foldName, isHalf, isTotalName, mayBeTotal as isTotalPrefix, totalledName } from '../total-names.ts';
import type { WasmDepartments } from './departments.ts';

/** With more departments, only names that are such a word and nothing else are looked at as sums of others. */
const FEW_DEPARTMENTS = 20_000;
const MAX_TOTALS = 10;
/** Among fewer departments, a sum of the others may be chance. */
const ENOUGH_DEPARTMENTS = 5;
/** Of a name that is shown. */
const MAX_SHOWN_BYTES = 200;
/** Slots that are looked at for a name. In a table that is half empty a search hardly ever goes so far by chance. */
const MAX_PROBES = 64;
const EMPTY = -1;
// FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * Looks at the names of all departments once: some 200 ns and 12 bytes each. Names in ASCII are compared without making
 * texts of them.
 */
export function reportNames(departments: WasmDepartments, count: number, total: bigint): NamesReport {
  const totals = new TotalNames(departments, count, total);
  const similar = new SimilarNames(departments, count);
  const broken = { count: 0, first: '' };
  for (const entry of departments.entries(count)) {
    const name = departments.nameBytes(entry);
    if ((name.includes(10) || name.includes(13)) && broken.count++ === 0) {
      broken.first = name.toString('utf8', 0, MAX_SHOWN_BYTES);
    }
    totals.add(entry, name);
    similar.add(entry, name);
  }
  return { totals: totals.found(), similar: similar.found, broken };
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

  add(entry: number, bytes: Buffer): void {
    if (this.#half !== undefined && this.#departments.isSum(entry, this.#half)) this.#take(entry);
    else if (this.#found.length < MAX_TOTALS && mayBeTotal(bytes, this.#count)) this.#judge(entry, bytes.toString());
  }

  #judge(entry: number, name: string): void {
    const part = this.#count <= FEW_DEPARTMENTS ? totalledName(name) : undefined;
    const isSum = isTotalPrefix(name) && isHalf(this.#departments.total(entry).sum, this.#total);
    if (isTotalName(name) || isSum) this.#take(entry);
    else if (part !== undefined) this.#partial.push({ entry, part: foldName(part) });
  }

  /** All that were found: sums of everything or, if there are none, sums of a part that has a department of its own. */
  found(): KernelTotal[] {
    if (this.#found.length > 0 || this.#partial.length === 0) return this.#found;
    const names = new Set(
      Array.from(this.#departments.entries(this.#count), (entry) =>
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
  /** The numbers of names by their hashes. */
  readonly #slots: Int32Array;
  readonly #addresses: Uint32Array;
  readonly #hashes: Int32Array;
  // A file that was made for it could let names collide, but for a start that nobody knows and a bound on each search.
  readonly #start = randomInt(2 ** 31);
  #known = 0;

  constructor(departments: WasmDepartments, count: number) {
    this.#departments = departments;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, count * 2)))).fill(EMPTY);
    this.#addresses = new Uint32Array(count);
    this.#hashes = new Int32Array(count);
  }

  add(entry: number, bytes: Buffer): void {
    const slots = this.#slots;
    const hash = hashOf(bytes, this.#start);
    let slot = hash & (slots.length - 1);
    for (let probes = 1; slots[slot] !== EMPTY; probes++) {
      const other = slots[slot]!;
      if (probes > MAX_PROBES || (this.#hashes[other] === hash && this.#isSimilar(bytes, other))) return;
      slot = (slot + 1) & (slots.length - 1);
    }
    this.#addresses[this.#known] = entry;
    this.#hashes[this.#known] = hash;
    slots[slot] = this.#known++;
  }

  /** Whether a name is like a known one, which is counted then. */
  #isSimilar(bytes: Buffer, other: number): boolean {
    const name = bytes.toString();
    const otherName = this.#departments.nameBytes(this.#addresses[other]!).toString();
    if (foldName(name) !== foldName(otherName)) return false;
    this.found.count++;
    this.found.first ??= [otherName, name];
    return true;
  }
}

function mayBeTotal(bytes: Buffer, count: number): boolean {
  if (bytes.length > 40) return false;
  // The words begin with so few letters that most names of many need no closer look.
  return count <= FEW_DEPARTMENTS || bytes[0]! >= 0x80 || TOTAL_INITIALS.includes(String.fromCharCode(bytes[0]!));
}

const TOTAL_INITIALS = 'tTgGsSoOaAiIzZeErR';

/** A hash of the folded name: the same for names that fold to the same text. Control characters are not seen. */
function hashOf(bytes: Buffer, start: number): number {
  let hash = OFFSET_BASIS ^ start;
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at]!;
    if (byte >= 0x80) return hashOfText(foldName(bytes.toString()), start);
    if (byte <= 32 || byte === 127) continue;
    if (byte >= 65 && byte <= 90) byte |= 0x20;
    hash = Math.imul(hash ^ byte, PRIME);
  }
  return hash;
}

function hashOfText(text: string, start: number): number {
  let hash = OFFSET_BASIS ^ start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash;
}
