import { randomInt } from 'node:crypto';
import type { KernelTotal } from './kernel.ts';
import { foldName, isHalf, isTotalName, mayBeTotal as isTotalPrefix, totalledName } from './name-doubts.ts';
import type { WasmDepartments } from './wasm-departments.ts';

/** The findings about the names of all departments. */
export interface NamesReport {
  /** Departments with a name for the sum of all others, the first ones. */
  totals: KernelTotal[];
  /** Names that differ from an earlier one only in what {@link foldName} takes away: how many, and the first with its pair. */
  similar: { count: number; pairs: [string, string][] };
  /** Names with line breaks: how many, and the first. */
  broken: { count: number; first: string };
}

/** With more departments, only names that are such a word and nothing else are looked at as sums of others. */
const FEW_DEPARTMENTS = 20_000;
const MAX_TOTALS = 10;
const MAX_PAIRS = 1;
/** Among fewer departments, a sum of the others may be chance. */
const ENOUGH_DEPARTMENTS = 5;
/** Of a name that is shown. */
const MAX_SHOWN_BYTES = 200;
/** Names of the same hash that are compared; there is hardly ever a second one. */
const MAX_LOOKS = 8;
const EMPTY = -1;
// FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * Looks at the names of all departments once: some 200 ns and 12 bytes each. Names in ASCII are compared without making
 * texts of them.
 */
export function reportNames(departments: WasmDepartments, count: number, total: bigint): NamesReport {
  const report: NamesReport = { totals: [], similar: { count: 0, pairs: [] }, broken: { count: 0, first: '' } };
  // A file that was made for it could let names collide, but for a start that nobody knows.
  const start = randomInt(2 ** 31);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, count * 2)))).fill(EMPTY);
  const addresses = new Uint32Array(count);
  const hashes = new Int32Array(count);
  let known = 0;
  /** The sum of a row that holds all others. */
  const half = total !== 0n && total % 2n === 0n ? total / 2n : undefined;
  /** Names such as `Toys Total`. */
  const partial: { entry: number; part: string }[] = [];
  for (const entry of departments.entries(count)) {
    const bytes = departments.nameBytes(entry);
    const hash = hashOf(bytes, start);
    if (bytes.includes(10) || bytes.includes(13)) {
      if (report.broken.count++ === 0) report.broken.first = bytes.toString('utf8', 0, MAX_SHOWN_BYTES);
    }
    if (count >= ENOUGH_DEPARTMENTS && half !== undefined && departments.isSum(entry, half)) {
      report.totals.push(departments.total(entry));
    } else if (report.totals.length < MAX_TOTALS && mayBeTotal(bytes, count)) {
      const name = bytes.toString();
      const part = count <= FEW_DEPARTMENTS ? totalledName(name) : undefined;
      const isSum = isTotalPrefix(name) && isHalf(departments.total(entry).sum, total);
      if (isTotalName(name) || isSum) report.totals.push(departments.total(entry));
      else if (part !== undefined) partial.push({ entry, part: foldName(part) });
    }
    let slot = hash & (slots.length - 1);
    let looks = 0;
    for (; slots[slot] !== EMPTY; slot = (slot + 1) & (slots.length - 1)) {
      const other = slots[slot]!;
      if (hashes[other] !== hash) continue;
      if (++looks > MAX_LOOKS) break;
      const [name, otherName] = [bytes, departments.nameBytes(addresses[other]!)].map((text) => text.toString());
      if (foldName(name!) !== foldName(otherName!)) continue;
      report.similar.count++;
      if (report.similar.pairs.length < MAX_PAIRS) report.similar.pairs.push([otherName!, name!]);
      break;
    }
    if (slots[slot] !== EMPTY) continue;
    addresses[known] = entry;
    hashes[known] = hash;
    slots[slot] = known++;
  }
  if (partial.length > 0 && report.totals.length === 0) {
    const names = new Set(
      Array.from(departments.entries(count), (entry) => foldName(departments.nameBytes(entry).toString())),
    );
    const sums = partial.filter(({ part }) => names.has(part)).slice(0, MAX_TOTALS);
    for (const { entry } of sums) report.totals.push(departments.total(entry));
  }
  return report;
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
