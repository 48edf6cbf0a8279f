import { UTF_8 } from '../encoding.ts';
import type { ReadPlan } from '../kernel.ts';
import type { PartPlan, PartRange } from '../parts/part.ts';
import type { FileStart } from './further-file.ts';

/** A file that is read in parts. */
export interface FileInParts {
  /** The name for users. */
  name: string;
  /** In bytes, as it lies there. */
  size: number;
  /** Whether it is compressed: then one reader reads all of it. */
  isPacked: boolean;
}

/** Smaller parts would be nothing but their beginnings and ends. */
const MIN_PART_BYTES = 1024;

/** Whether a file can be read from anywhere. The bytes that skipped lines have in another encoding are not known. */
export function isCuttable({ encoding, lines }: FileStart, { isPacked }: FileInParts): boolean {
  return !isPacked && (encoding === UTF_8 || lines === 0);
}

/** How the parts of a file are read. */
export function partPlanOf(plan: ReadPlan, start: FileStart, file: FileInParts): PartPlan {
  const { encoding, textBytes } = start;
  return isCuttable(start, file) ? { plan, encoding } : { plan, encoding, whole: { skipBytes: textBytes } };
}

/**
 * Ranges that cover a file from a byte on.
 *
 * @param partBytes about how large a range is to be before which so many bytes are left
 */
export function rangesOf(text: number, from: number, size: number, partBytes: (left: number) => number): PartRange[] {
  const ranges: PartRange[] = [];
  for (let at = from; at < size || ranges.length === 0; ) {
    const wanted = Math.max(partBytes(size - at), MIN_PART_BYTES);
    // Between the characters of any encoding that has units of several bytes; no part is nothing but a rest.
    const next = at + 4 * Math.round(wanted / 4);
    const to = size - next < wanted / 2 ? size : next;
    ranges.push({ text, from: at, to });
    at = to;
  }
  return ranges;
}
