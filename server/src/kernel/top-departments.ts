/**
 * Selects the leading departments: the largest sums first, ties in the order of the names.
 *
 * One pass with a heap of `topCount`, and for nearly all departments one comparison of numbers: a snapshot is taken ten
 * times a second, with up to a million departments.
 *
 * @param sums pairs of the high and low half of each sum
 * @param compareNames below zero if the first department's name comes first
 * @returns the numbers of the departments
 */
export function topDepartments(
  sums: Float64Array,
  departments: number,
  topCount: number,
  compareNames: (a: number, b: number) => number,
): number[] {
  const capacity = Math.min(topCount, departments);
  if (capacity <= 0) return [];
  /** Above zero if `a` ranks behind `b`. */
  const compare = (a: number, b: number): number =>
    sums[2 * b]! - sums[2 * a]! || sums[2 * b + 1]! - sums[2 * a + 1]! || compareNames(a, b);
  // The root is the last of those chosen so far: what ranks behind it is out.
  const heap = Array.from({ length: capacity }, (_, id) => id);
  for (let at = (capacity >> 1) - 1; at >= 0; at--) siftDown(heap, at, compare);
  let rootHigh = sums[2 * heap[0]!]!;
  let rootLow = sums[2 * heap[0]! + 1]!;
  for (let id = capacity; id < departments; id++) {
    const high = sums[2 * id]!;
    if (high < rootHigh) continue;
    if (high === rootHigh) {
      const low = sums[2 * id + 1]!;
      if (low < rootLow || (low === rootLow && compareNames(id, heap[0]!) > 0)) continue;
    }
    heap[0] = id;
    siftDown(heap, 0, compare);
    rootHigh = sums[2 * heap[0]!]!;
    rootLow = sums[2 * heap[0]! + 1]!;
  }
  return heap.sort(compare);
}

function siftDown(heap: number[], from: number, compare: (a: number, b: number) => number): void {
  const item = heap[from]!;
  let at = from;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) > 0) child++;
    if (compare(heap[child]!, item) <= 0) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = item;
}
