/** Names by the number of their department, from 0 to `count - 1`. */
export interface SortableNames {
  readonly count: number;
  /** The byte of a name at an index, or -1 after its end. */
  nameByte(id: number, index: number): number;
  /** Below zero if the first name comes first in the order of the bytes, which is code point order. */
  compareNames(a: number, b: number): number;
}

/** Ranges up to this length are sorted by insertion. */
const SMALL_RANGE = 12;

/**
 * Sorts all departments by the bytes of their names, which is code point order.
 *
 * Three-way radix quicksort (Bentley and Sedgewick 1997): it looks at one byte of a name at a time and never again at a
 * prefix that all names of a range share. The first names are sorted first, so that work with it can begin.
 *
 * @returns the numbers of the departments in order, in parts of `partSize` but for the last
 */
export function* sortNames(table: SortableNames, partSize: number): Generator<Uint32Array> {
  const order = Uint32Array.from({ length: table.count }, (_, id) => id);
  // A stack of its own, because names can share very long prefixes: from, to (exclusive), depth.
  const ranges: number[] = [0, order.length, 0];
  let told = 0;
  while (ranges.length > 0) {
    const depth = ranges.pop()!;
    const to = ranges.pop()!;
    const from = ranges.pop()!;
    if (to - from <= SMALL_RANGE) {
      insertionSort(table, order, from, to);
      // Nothing before the end of this range will move any more.
      for (; to - told >= partSize; told += partSize) yield order.subarray(told, told + partSize);
      continue;
    }
    const pivot = medianByte(table, order, from, to, depth);
    let less = from;
    let greater = to;
    let at = from;
    while (at < greater) {
      const byte = table.nameByte(order[at]!, depth);
      if (byte < pivot) swap(order, at++, less++);
      else if (byte > pivot) swap(order, at, --greater);
      else at++;
    }
    ranges.push(greater, to, depth);
    // Names are distinct, so at most one ends here.
    if (pivot >= 0) ranges.push(less, greater, depth + 1);
    // The next to be sorted.
    ranges.push(from, less, depth);
  }
  if (told < order.length) yield order.subarray(told);
}

function insertionSort(table: SortableNames, order: Uint32Array, from: number, to: number): void {
  for (let next = from + 1; next < to; next++) {
    const id = order[next]!;
    let at = next;
    while (at > from && table.compareNames(order[at - 1]!, id) > 0) {
      order[at] = order[at - 1]!;
      at--;
    }
    order[at] = id;
  }
}

function medianByte(table: SortableNames, order: Uint32Array, from: number, to: number, depth: number): number {
  const a = table.nameByte(order[from]!, depth);
  const b = table.nameByte(order[(from + to) >> 1]!, depth);
  const c = table.nameByte(order[to - 1]!, depth);
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function swap(order: Uint32Array, a: number, b: number): void {
  const kept = order[a]!;
  order[a] = order[b]!;
  order[b] = kept;
}
