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

/** Ranges of about the same size that cover a file from a byte on. */
export function rangesOf(text: number, from: number, size: number, partBytes: number): PartRange[] {
  const count = Math.max(1, Math.round((size - from) / Math.max(partBytes, MIN_PART_BYTES)));
  // Between the characters of any encoding that has units of several bytes.
  const cut = (index: number) => Math.min(size, from + 4 * Math.round(((size - from) * index) / count / 4));
  const cuts = Array.from({ length: count + 1 }, (_, index) => (index === count ? size : cut(index)));
  return cuts.slice(1).map((to, index) => ({ text, from: cuts[index]!, to }));
}
