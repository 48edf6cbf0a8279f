/** Lines of one size that are in sight: those from `from` to before `to`. */
export interface LineRange {
  from: number;
  to: number;
}

/**
 * The lines that a scrolled area shows, and some around them.
 *
 * @param offset how far the area is scrolled, in pixels
 * @param extent how much of it is in sight
 */
export function linesInSight(offset: number, extent: number, size: number, count: number, around: number): LineRange {
  if (size <= 0) return { from: 0, to: 0 };
  const first = Math.floor(offset / size) - around;
  const last = Math.ceil((offset + extent) / size) + around;
  const from = Math.max(0, Math.min(count, first));
  return { from, to: Math.max(from, Math.min(count, last)) };
}

/** How far an area must be scrolled so that a line is in sight, with as little movement as possible. */
export function offsetFor(line: number, size: number, offset: number, extent: number): number {
  const [start, end] = [line * size, (line + 1) * size];
  if (start < offset) return start;
  return end > offset + extent ? end - extent : offset;
}
