import { KernelError } from '../kernel.ts';
import { isBinary } from './binary-data.ts';
import { type FileKind, findSignature } from './file-signatures.ts';
import { findMarkup } from './markup-kind.ts';
import { zipKindIn } from './zip-kind.ts';

export type { FileKind } from './file-signatures.ts';

/** How much of a file is looked at: as much as the detection sees of it. */
const HEAD_BYTES = 64 * 1024;

/**
 * The kind of a file that cannot be a CSV, by its first bytes; undefined for every file that may be one, in any
 * encoding. When in doubt it may be.
 *
 * @param head the first bytes, 64 KiB or the whole file if that is shorter; more is not looked at
 */
export function fileKindOf(head: Uint8Array): FileKind | undefined {
  const start = head.subarray(0, HEAD_BYTES);
  return zipKindIn(start) ?? findSignature(start) ?? findMarkup(start) ?? (isBinary(start) ? BINARY : undefined);
}

/**
 * Refuses a file that is no CSV before anybody guesses columns in it.
 *
 * @param head as for {@link fileKindOf}
 * @throws KernelError `NOT_A_CSV`, with what it is and what to do
 */
export function refuseWhatIsNoCsv(head: Uint8Array): void {
  const kind = fileKindOf(head);
  if (kind) throw new KernelError('NOT_A_CSV', describeKind(kind));
}

/** A kind in the sentence that a user reads. */
export function describeKind({ what, advice }: FileKind): string {
  return `This is ${what}: ${advice}.`;
}

const BINARY: FileKind = {
  what: 'binary data, not text',
  advice: 'export it as CSV from the program that made it and upload that',
};
