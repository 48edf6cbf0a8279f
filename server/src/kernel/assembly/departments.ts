/**
 * Departments by the bytes of their name: open addressing over slots that point at entries. Entries lie side by side in
 * the order in which departments were first seen, and one is one cache line with all that a row needs.
 */
import { fail, OUT_OF_MEMORY, TOO_MANY_DEPARTMENTS, TOO_MANY_NAME_BYTES } from './failure';
import { ensureMemory, entries, LENGTH_MASKS, names, placeTable, SLACK, slots } from './memory';
import { maxDepartments, maxNameBytes } from './plan';
import { add64, DEPARTMENTS, NAME_BYTES, NAMES_USED } from './state';
import { isUtf8 } from './utf8';

export const ENTRY_BYTES: usize = 64;
/** The first 16 bytes of the name, zeros behind a shorter one. */
export const PREFIX: usize = 0;
/** The length of the name; in the upper byte the most decimals that an amount had. */
export const LENGTH: usize = 16;
export const LENGTH_MASK: u32 = 0x00ff_ffff;
export const SCALE: usize = 19;
export const SCALE_SHIFT: u32 = 24;
/** Where in the region of names the name's record is. */
export const NAME: usize = 20;
export const SUM_LOW: usize = 24;
export const SUM_HIGH: usize = 32;
export const COUNT: usize = 40;
/** The smallest and the largest amount among those that fit into 64 bits. */
export const MIN: usize = 48;
export const MAX: usize = 56;

/** A record in the region of names: these, then the name itself. */
export const WIDE: usize = 0;
const TAG: usize = 4;
/** What amounts beyond 64 bits take, elsewhere in the region of names. */
export const WIDE_BYTES: usize = 32;
export const NAME_TEXT: usize = 8;
/** A slot: the department's tag and its number + 1, or zero if it is free. */
const SLOT_BYTES: usize = 8;
/** At most half of the slots are in use, so that a search for an unknown name ends soon. */
const FIRST_SLOTS: u32 = 8192;

export let slotCount: u32 = 0;
/** How far a tag is shifted to become the number of its slot. */
export let slotShift: u32 = 0;

/** Random odd numbers, other ones for each job, so that nobody can prepare a file whose names all collide. */
export let seedA: u64 = 0;
export let seedB: u64 = 0;

export function setSeeds(a: u64, b: u64): void {
  seedA = a | 1;
  seedB = b | 1;
}

/** The tag of a name of at most 16 bytes, in two halves with zeros behind: what is well mixed is on top. */
function tagOf(low: u64, high: u64): u32 {
  return <u32>((low * seedA + high * seedB) >> 32);
}

/** The tag of any name. */
export function tagOfName(start: usize, length: usize): u32 {
  let chain: u64 = 0;
  let at: usize = 0;
  for (; length - at > 16; at += 16) {
    const sum = (load<u64>(start + at) ^ chain) * seedA + load<u64>(start + at + 8) * seedB;
    chain = rotl(sum, 32) * seedB;
  }
  const last = firstBytes(start + at, length - at);
  return tagOf(i64x2.extract_lane(last, 0) ^ chain, i64x2.extract_lane(last, 1));
}

/** The first `length` bytes, at most 16, with zeros behind. */
export function firstBytes(start: usize, length: usize): v128 {
  return v128.and(v128.load(start), v128.load(LENGTH_MASKS + (length << 4)));
}

/** The entry of a department, or 0 if it is not known yet. */
export function findDepartment(start: usize, length: usize): usize {
  return find(start, length, tagOfName(start, length));
}

function find(start: usize, length: usize, tag: u32): usize {
  const prefix = firstBytes(start, length < 16 ? length : 16);
  const mask = slotCount - 1;
  let slot = tag >> slotShift;
  while (true) {
    const at = slots + slot * SLOT_BYTES;
    const number = load<u32>(at, 4);
    if (number == 0) return 0;
    if (load<u32>(at) == tag) {
      const entry = entries + (number - 1) * ENTRY_BYTES;
      const isAlike =
        (load<u32>(entry, LENGTH) & LENGTH_MASK) == length &&
        !v128.any_true(v128.xor(v128.load(entry, PREFIX), prefix));
      if (isAlike && (length <= 16 || isSameName(entry, start, length))) return entry;
    }
    slot = (slot + 1) & mask;
  }
}

/** Whether an entry has this name of more than 16 bytes, if the length is the same. */
export function isSameName(entry: usize, start: usize, length: usize): bool {
  if (v128.any_true(v128.xor(v128.load(entry, PREFIX), v128.load(start)))) return false;
  return isSameText(names + load<u32>(entry, NAME) + NAME_TEXT, start, length);
}

/** Whether two texts of more than 16 bytes are the same behind the first 16. */
function isSameText(text: usize, other: usize, length: usize): bool {
  let at: usize = 16;
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
  const entry = find(start, length, tag);
  if (entry != 0) return entry;
  return isUtf8(start, start + length) ? add(start, length, tag) : 0;
}

function add(start: usize, length: usize, tag: u32): usize {
  const id = load<u32>(DEPARTMENTS);
  if (id >= maxDepartments) return refuse(TOO_MANY_DEPARTMENTS);
  if (load<u64>(NAME_BYTES) + length > maxNameBytes) return refuse(TOO_MANY_NAME_BYTES);
  if ((id + 1) * 2 > slotCount && !growTable(id + 1)) return refuse(OUT_OF_MEMORY);
  const name = reserveNames(NAME_TEXT + length);
  if (name == 0) return 0;
  store<u32>(name, 0, WIDE);
  store<u32>(name, tag, TAG);
  memory.copy(name + NAME_TEXT, start, length);
  add64(NAME_BYTES, length);

  const entry = entries + id * ENTRY_BYTES;
  v128.store(entry, firstBytes(start, length < 16 ? length : 16), PREFIX);
  store<u32>(entry, <u32>length, LENGTH);
  store<u32>(entry, <u32>(name - names), NAME);
  store<u64>(entry, 0, SUM_LOW);
  store<u64>(entry, 0, SUM_HIGH);
  store<u64>(entry, 0, COUNT);
  store<i64>(entry, i64.MAX_VALUE, MIN);
  store<i64>(entry, i64.MIN_VALUE, MAX);
  store<u32>(DEPARTMENTS, id + 1);
  occupy(tag, id + 1);
  return entry;
}

function refuse(reason: i32): usize {
  fail(reason);
  return 0;
}

/** Makes room in the region of names. Returns its address, or 0 if there is none. */
export function reserveNames(bytes: usize): usize {
  const at = names + load<u32>(NAMES_USED);
  const to = at + ((bytes + 7) & ~7);
  if (!ensureMemory(to + SLACK)) return refuse(OUT_OF_MEMORY);
  store<u32>(NAMES_USED, <u32>(to - names));
  return at;
}

function occupy(tag: u32, number: u32): void {
  const mask = slotCount - 1;
  let slot = tag >> slotShift;
  while (load<u32>(slots + slot * SLOT_BYTES, 4) != 0) slot = (slot + 1) & mask;
  store<u32>(slots + slot * SLOT_BYTES, tag);
  store<u32>(slots + slot * SLOT_BYTES, number, 4);
}

/**
 * Makes room for so many departments: moves names and entries up, and fills the slots anew. Addresses of entries from
 * before are good no more. Returns false if there is no memory.
 */
export function growTable(departments: u32): bool {
  const oldEntries = entries;
  const oldNames = names;
  let count = max(slotCount, FIRST_SLOTS);
  while (departments * 2 > count) count *= 2;
  // The entry before the first one stands for an unknown department: no name is as long as that says.
  const room = <usize>min(count / 2, maxDepartments) + 1;
  placeTable(<usize>count * SLOT_BYTES + ENTRY_BYTES, (room - 1) * ENTRY_BYTES);
  if (!ensureMemory(names + load<u32>(NAMES_USED) + SLACK)) return false;
  slotCount = count;
  slotShift = clz(count) + 1;
  const known = load<u32>(DEPARTMENTS);
  if (oldEntries != 0) {
    memory.copy(names, oldNames, load<u32>(NAMES_USED));
    memory.copy(entries, oldEntries, known * ENTRY_BYTES);
  }
  memory.fill(slots, 0, <usize>count * SLOT_BYTES + ENTRY_BYTES);
  store<u32>(entries - ENTRY_BYTES, LENGTH_MASK, LENGTH);
  for (let id: u32 = 0; id < known; id++) {
    occupy(load<u32>(names + load<u32>(entries + id * ENTRY_BYTES, NAME), TAG), id + 1);
  }
  return true;
}

/**
 * Fills the slots for entries and names that a checkpoint brought, after {@link growTable} made room for them: the seeds
 * are others now. Returns false if what it brought cannot be.
 */
export function restoreDepartments(): bool {
  const count = load<u32>(DEPARTMENTS);
  const used = load<u32>(NAMES_USED);
  for (let id: u32 = 0; id < count; id++) {
    const entry = entries + id * ENTRY_BYTES;
    const name = load<u32>(entry, NAME);
    const length = load<u32>(entry, LENGTH) & LENGTH_MASK;
    if ((name & 7) != 0 || !isWithin(name, NAME_TEXT + length, used)) return false;
    if (!isWithin(load<u32>(names + name, WIDE), WIDE_BYTES, used) && load<u32>(names + name, WIDE) != 0) return false;
    const tag = tagOfName(names + name + NAME_TEXT, length);
    store<u32>(names + name, tag, TAG);
    occupy(tag, id + 1);
  }
  return true;
}

function isWithin(at: usize, length: usize, end: usize): bool {
  return at <= end && length <= end - at;
}
