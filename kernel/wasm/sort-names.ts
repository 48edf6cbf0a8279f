/** Names by the number of their department, from 0 to `count - 1`, fewer than 2^29. */
export interface SortableNames {
  readonly count: number;
  /** Four bytes of a name from a depth on as one number, the first byte on top, zeros where the name has ended. */
  bytesAt(id: number, depth: number): number;
  nameLength(id: number): number;
  /** Below zero if the first name comes first in the order of the bytes, which is code point order. */
  compareNames(a: number, b: number): number;
}

/** Ranges up to this length are sorted by insertion. */
const SMALL_RANGE = 12;
/** The bytes that {@link SortableNames.bytesAt} gives. */
const KEY_BYTES = 4;
/** A key with a name's number is one of 64 bits: bytes on top, then how many of them belong to the name, then the number. */
const ID_BITS = 29;
const ID_MASK = 2 ** ID_BITS - 1;

/**
 * Sorts all departments by the bytes of their names, which is code point order.
 *
 * Four bytes of all names are sorted as numbers, by the sort of the engine; then the next four of those that share them, and
 * so on. A prefix that names share is never looked at again. The first names are sorted first, so that work with them can
 * begin.
 *
 * @returns the numbers of the departments in order, in parts of `partSize` but for the last
 */
export function* sortNames(names: SortableNames, partSize: number): Generator<Uint32Array> {
  const { count } = names;
  const order = Uint32Array.from({ length: count }, (_, id) => id);
  const keys = new BigUint64Array(count);
  // The next one is last: from, to (exclusive), depth.
  const ranges: number[] = [0, count, 0];
  let told = 0;
  while (ranges.length > 0) {
    const depth = ranges.pop()!;
    const to = ranges.pop()!;
    const from = ranges.pop()!;
    if (to - from <= SMALL_RANGE) insertionSort(names, order, from, to);
    else sortRange(names, order, keys, { from, to, depth }, ranges);
    // Nothing before the next range will move any more.
    const sorted = ranges.at(-3) ?? count;
    for (; sorted - told >= partSize; told += partSize) yield order.subarray(told, told + partSize);
  }
  if (told < count) yield order.subarray(told);
}

/** Sorts a range by the four bytes at its depth, and adds the ranges of names that have the same ones, the first one last. */
function sortRange(
  names: SortableNames,
  order: Uint32Array,
  keys: BigUint64Array,
  { from, to, depth }: { from: number; to: number; depth: number },
  ranges: number[],
): void {
  const halves = new Uint32Array(keys.buffer);
  const firstBytes = names.bytesAt(order[from]!, depth);
  let isShared = true;
  for (let at = from; at < to; at++) {
    const id = order[at]!;
    const bytes = names.bytesAt(id, depth);
    const own = Math.max(0, Math.min(KEY_BYTES, names.nameLength(id) - depth));
    halves[at * 2] = (own << ID_BITS) | id;
    halves[at * 2 + 1] = bytes;
    if (bytes !== firstBytes || own < KEY_BYTES) isShared = false;
  }
  if (isShared) {
    ranges.push(from, to, depth + KEY_BYTES);
    return;
  }
  keys.subarray(from, to).sort();
  for (let at = from; at < to; at++) order[at] = halves[at * 2]! & ID_MASK;
  // Names are distinct: those that end within the four bytes differ there.
  for (let end = to; end > from; ) {
    let start = end - 1;
    while (start > from && halves[start * 2 - 1] === halves[end * 2 - 1] && isWhole(halves[start * 2 - 2]!)) start--;
    if (end - start > 1 && end - start <= SMALL_RANGE) insertionSort(names, order, start, end);
    else if (end - start > 1) ranges.push(start, end, depth + KEY_BYTES);
    end = start;
  }
}

/** Whether all bytes of a key belong to the name. */
function isWhole(half: number): boolean {
  return half >>> ID_BITS === KEY_BYTES;
}

function insertionSort(names: SortableNames, order: Uint32Array, from: number, to: number): void {
  for (let next = from + 1; next < to; next++) {
    const id = order[next]!;
    let at = next;
    while (at > from && names.compareNames(order[at - 1]!, id) > 0) {
      order[at] = order[at - 1]!;
      at--;
    }
    order[at] = id;
  }
}
