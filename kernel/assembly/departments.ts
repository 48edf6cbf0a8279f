/**
 * Departments by the bytes of their name: open addressing over slots that point at entries. Entries lie side by side in
 * the order in which departments were first seen, and one is one cache line with all that a row needs.
 */
import { fail, OUT_OF_MEMORY, TOO_MANY_DEPARTMENTS, TOO_MANY_NAME_BYTES } from './failure';
import { ensureMemory, entries, LENGTH_MASKS, SLACK, slots } from './memory';
import { amountCount, maxDepartments, maxNameBytes, moreFigures, mostDecimals, mostNameBytes } from './plan';
import { add64, DEPARTMENTS, NAME_BYTES, ROWS, UNITS } from './state';
import { isUtf8 } from './utf8';

/**
 * An entry takes one unit, and as many more behind it as the rest of its name needs, and then one for each amount besides the
 * first: with SUM to WIDE, and SCALE, as in the first.
 */
export const UNIT_BYTES: usize = 64;
export const UNIT_SHIFT: u32 = 6;
/** The sum, as far as it fits: the overflow is in the wide unit. */
export const SUM: usize = 0;
/** The smallest and the largest amount among those that fit into 64 bits. */
export const MIN: usize = 8;
export const MAX: usize = 16;
/** The rows, 32 bits: the overflow is in the wide unit. */
export const COUNT: usize = 24;
/** The number of the unit with what a department rarely needs (`tallies.ts`); 0 if it has none. */
export const WIDE: usize = 28;
/** The length of the name; in the upper byte the most decimals that an amount had. */
export const LENGTH: usize = 32;
export const LENGTH_MASK: u32 = 0x00ff_ffff;
export const SCALE: usize = 35;
export const SCALE_SHIFT: u32 = 24;
/** The name, zeros behind it up to the end of the last unit. */
export const NAME: usize = 36;
/** So much of a name is in the first unit: nearly all that a row needs is in one cache line. */
export const PREFIX_BYTES: usize = 28;

/** In a wide unit: the count beyond 32 bits. */
export const COUNT_HIGH: usize = 48;

/** Stands for a length where there is no entry: no name is so long. */
export const NO_ENTRY: u32 = LENGTH_MASK;

/**
 * A slot: the number of the entry's first unit + 1 in the lower bits, enough for all that can be addressed, and above them
 * the lowest bits of the department's tag; zero if it is free. Half as large as with the whole tag, many more slots are in
 * the cache; names are compared anyway.
 */
export const SLOT_BYTES: usize = 4;
/** How far the tag is shifted to lie above a slot's number. */
export const MARK_SHIFT: u32 = 26;
export const FIRST_MARK: u32 = 1 << MARK_SHIFT;
const NUMBER_MASK: u32 = FIRST_MARK - 1;
/** At most a quarter of the slots is in use: nearly every search ends at the first, which the processor can foresee. */
export const FIRST_SLOTS: u32 = 8192;

export let slotCount: u32 = 0;
/** How far a tag is shifted to become the number of its slot. */
export let slotShift: u32 = 0;

/**
 * Random numbers, other ones for each job, so that nobody can prepare a file whose names all collide: two are added to a
 * name before anything of it is multiplied, the third one, which is odd, mixes what comes of that.
 */
export let seedA: u64 = 0;
export let seedB: u64 = 0;
export let seedC: u64 = 0;

export function setSeeds(a: u64, b: u64, c: u64): void {
  seedA = a;
  seedB = b;
  seedC = c | 1;
}

/**
 * The hash of 16 bytes: products of halves, as in NH of UMAC (RFC 4418). Two texts have the same one, or hashes whose
 * difference somebody could choose, with a probability of about 2^-32, whatever the texts. `row-places.ts` has it in line.
 */
function hashOf(low: u64, high: u64): u64 {
  const l = low + seedA;
  const h = high + seedB;
  return (l & LOWER_HALF) * (l >> 32) + (h & LOWER_HALF) * (h >> 32);
}

export const LOWER_HALF: u64 = 0xffff_ffff;

/** The tag of any name: its hash and its length, so that zeros at the end count, too. Well mixed bits are on top. */
export function tagOfName(start: usize, length: usize): u32 {
  let chain: u64 = 0;
  let at: usize = 0;
  for (; length - at > 16; at += 16) {
    chain = rotl((chain + hashOf(load<u64>(start + at), load<u64>(start + at + 8))) * seedC, 32);
  }
  const last = firstBytes(start + at, length - at);
  const hash = hashOf(i64x2.extract_lane(last, 0), i64x2.extract_lane(last, 1));
  return <u32>(((chain + hash + length) * seedC) >> 32);
}

/** The first `length` bytes, at most 16, with zeros behind. */
export function firstBytes(start: usize, length: usize): v128 {
  return v128.and(v128.load(start), v128.load(LENGTH_MASKS + (length << 4)));
}

/** The entry with a name and its tag, or 0 if it is not known yet. */
export function findDepartment(start: usize, length: usize, tag: u32): usize {
  const mask = slotCount - 1;
  const mark = tag << MARK_SHIFT;
  let slot = tag >> slotShift;
  while (true) {
    const found = load<u32>(slots + slot * SLOT_BYTES);
    if (found == 0) return 0;
    if ((found ^ mark) >> MARK_SHIFT == 0) {
      const entry = entries + ((found & NUMBER_MASK) - 1) * UNIT_BYTES;
      if ((load<u32>(entry, LENGTH) & LENGTH_MASK) == length && isSameText(entry + NAME, start, length)) return entry;
    }
    slot = (slot + 1) & mask;
  }
}

/** The content of the slot at which the search for a tag begins. */
export function slotOf(tag: u32): u32 {
  return load<u32>(slots + (tag >> slotShift) * SLOT_BYTES);
}

/** The length of the name to which the slot leads at which the search for a tag begins; 0 if that is free. */
export function firstLength(tag: u32): u32 {
  const found = slotOf(tag);
  return found == 0 ? 0 : load<u32>(entries + ((found & NUMBER_MASK) - 1) * UNIT_BYTES, LENGTH);
}

/** Whether two texts of the same length are the same. */
export function isSameText(text: usize, other: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) {
    if (v128.any_true(v128.xor(v128.load(text + at), v128.load(other + at)))) return false;
  }
  const rest = v128.xor(v128.load(text + at), v128.load(other + at));
  return !v128.any_true(v128.and(rest, v128.load(LENGTH_MASKS + ((length - at) << 4))));
}

/**
 * The entry of a department, a new one if it is not known yet, or 0 if its name is not valid UTF-8 or there is no room
 * (then {@link failure} says so).
 *
 * Validity is checked only for new names: an invalid one never gets into the table, so it is never found.
 */
export function findOrAddDepartment(start: usize, length: usize): usize {
  const tag = tagOfName(start, length);
  const entry = findDepartment(start, length, tag);
  if (entry != 0) return entry;
  return isUtf8(start, start + length) ? addDepartment(start, length, tag) : 0;
}

/** Adds a department whose name is valid and not known yet. Returns 0 if there is no room (then {@link failure} says so). */
export function addDepartment(start: usize, length: usize, tag: u32): usize {
  const id = load<u32>(DEPARTMENTS);
  if (id >= maxDepartments) return refuse(TOO_MANY_DEPARTMENTS);
  if (load<u64>(NAME_BYTES) + length > maxNameBytes) return refuse(TOO_MANY_NAME_BYTES);
  if ((id + 1) * 4 > slotCount && !growTable(id + 1)) return refuse(OUT_OF_MEMORY);
  const entry = reserveUnits(unitsOf(length) + moreFigures);
  if (entry == 0) return 0;
  copyName(entry + NAME, start, length);
  store<u32>(entry, <u32>length, LENGTH);
  for (let index: u32 = 0; index <= <u32>moreFigures; index++) {
    const figure = figureOf(entry, index);
    store<i64>(figure, i64.MAX_VALUE, MIN);
    store<i64>(figure, i64.MIN_VALUE, MAX);
  }
  add64(NAME_BYTES, length);
  store<u32>(DEPARTMENTS, id + 1);
  occupy(tag, <u32>((entry - entries) / UNIT_BYTES) + 1);
  return entry;
}

function refuse(reason: i32): usize {
  fail(reason);
  return 0;
}

/** The unit of an entry with the figures of an amount. */
export function figureOf(entry: usize, index: u32): usize {
  return index == 0 ? entry : entry + (unitsOf(load<u32>(entry, LENGTH) & LENGTH_MASK) + index - 1) * UNIT_BYTES;
}

/** How many units an entry takes for its name and its first amount. */
function unitsOf(nameLength: usize): usize {
  return nameLength <= PREFIX_BYTES ? 1 : 1 + (nameLength - PREFIX_BYTES + UNIT_BYTES - 1) / UNIT_BYTES;
}

/** The entry behind another one. Behind the last one there is no telling. */
export function nextEntry(entry: usize): usize {
  return entry + (unitsOf(load<u32>(entry, LENGTH) & LENGTH_MASK) + moreFigures) * UNIT_BYTES;
}

/** Takes units, all zeros, at the end. Returns their address, or 0 if there is no memory. */
export function reserveUnits(units: usize): usize {
  const at = entries + load<u32>(UNITS) * UNIT_BYTES;
  const to = at + units * UNIT_BYTES;
  if (!ensureMemory(to + SLACK)) return refuse(OUT_OF_MEMORY);
  store<u32>(UNITS, <u32>((to - entries) / UNIT_BYTES));
  return at;
}

/** Writes a name 16 bytes at a time, zeros behind it: names are short, and a call for each costs more. */
function copyName(to: usize, start: usize, length: usize): void {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) v128.store(to + at, v128.load(start + at));
  v128.store(to + at, firstBytes(start + at, length - at));
}

function occupy(tag: u32, number: u32): void {
  const mask = slotCount - 1;
  let slot = tag >> slotShift;
  while (load<u32>(slots + slot * SLOT_BYTES) != 0) slot = (slot + 1) & mask;
  store<u32>(slots + slot * SLOT_BYTES, (tag << MARK_SHIFT) | number);
}

/** Makes slots for so many departments, and fills them anew. Returns false if there is no memory. */
export function growTable(departments: u32): bool {
  let count = max(slotCount, FIRST_SLOTS);
  while (departments * 4 > count) count *= 2;
  if (!ensureMemory(entries + load<u32>(UNITS) * UNIT_BYTES + SLACK)) return false;
  slotCount = count;
  slotShift = clz(count) + 1;
  memory.fill(slots, 0, <usize>count * SLOT_BYTES);
  // The unit before the first one stands for an unknown department.
  store<u32>(entries - UNIT_BYTES, NO_ENTRY, LENGTH);
  fillSlots();
  return true;
}

function fillSlots(): void {
  const end = entries + load<u32>(UNITS) * UNIT_BYTES;
  for (let entry = entries; entry < end; entry = nextEntry(entry)) {
    while (entry < end && load<u32>(entry, LENGTH) == NO_ENTRY) entry += UNIT_BYTES;
    if (entry == end) break;
    occupy(tagOfName(entry + NAME, load<u32>(entry, LENGTH) & LENGTH_MASK), <u32>((entry - entries) / UNIT_BYTES) + 1);
  }
}

/**
 * Fills the slots for entries that a checkpoint brought, after {@link growTable} made room for them. Returns false if
 * what it brought cannot be: the entries must be whole and different, and fit the counters.
 */
export function restoreDepartments(): bool {
  const units = load<u32>(UNITS);
  const end = entries + units * UNIT_BYTES;
  let departments: u32 = 0;
  let nameBytes: u64 = 0;
  let rows: u64 = 0;
  let entry = entries;
  while (entry < end) {
    const length: usize = load<u32>(entry, LENGTH) & LENGTH_MASK;
    if (load<u32>(entry, LENGTH) == NO_ENTRY) {
      entry += UNIT_BYTES;
      continue;
    }
    if (length == 0 || length > mostNameBytes()) return false;
    if (unitsOf(length) + moreFigures > (end - entry) / UNIT_BYTES) return false;
    if (!isUtf8(entry + NAME, entry + NAME + length)) return false;
    for (let index: u32 = 0; index <= <u32>moreFigures; index++) {
      const figure = figureOf(entry, index);
      if (load<u8>(figure, SCALE) > <u8>mostDecimals(index)) return false;
      const wide = load<u32>(figure, WIDE);
      if (wide >= units) return false;
      if (wide == 0) continue;
      const unit = entries + wide * UNIT_BYTES;
      if (load<u32>(unit, LENGTH) != NO_ENTRY) return false;
      if (index == 0) rows += (<u64>load<u32>(unit, COUNT_HIGH)) << 32;
    }
    rows += load<u32>(entry, COUNT);
    nameBytes += length;
    const tag = tagOfName(entry + NAME, length);
    if (findDepartment(entry + NAME, length, tag) != 0) return false;
    occupy(tag, <u32>((entry - entries) / UNIT_BYTES) + 1);
    departments++;
    entry = nextEntry(entry);
  }
  // Of several amounts the first one may be missing in some rows.
  const areRowsPossible = rows == load<u64>(ROWS) || (amountCount > 1 && rows < load<u64>(ROWS));
  return departments == load<u32>(DEPARTMENTS) && nameBytes == load<u64>(NAME_BYTES) && areRowsPossible;
}
