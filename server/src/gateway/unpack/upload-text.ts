import { readPacking } from './packing.ts';
import { type Unpacking, unpacked } from './unpacked.ts';

/** An upload that may still be arriving. */
export interface Upload extends Omit<Unpacking, 'skip'> {
  /**
   * Reads from a byte on. A chunk is one or more pieces, in order; their memory is used again when the next chunk is
   * asked for.
   */
  read(from: number): AsyncIterable<readonly Uint8Array[]>;
  /** Whether the sender said that it is gzip. If not, its first bytes tell how it is compressed. */
  isGzip: boolean;
  /** How much of the text is not wanted again. */
  from: number;
}

/**
 * The text of an upload, or what it unpacks to, from a byte of the text on, in chunks as those of the upload.
 *
 * @throws as `unpacked`; what reading throws
 */
export async function* readUpload(upload: Upload): AsyncGenerator<readonly Uint8Array[]> {
  const { read, isGzip, from } = upload;
  const packing = isGzip ? 'gzip' : await packingOf(upload);
  if (packing === 'none') {
    yield* read(from);
    return;
  }
  // Compressed bytes mean nothing without those before them.
  for await (const piece of unpacked(packing, singly(read(0)), { ...upload, skip: from })) yield [piece];
}

/** The beginning is read for itself, so that text comes from the upload in the pieces that it has there. */
async function packingOf({ read }: Upload) {
  const source = singly(read(0));
  try {
    return (await readPacking(source)).packing;
  } finally {
    await source.return(undefined);
  }
}

async function* singly(chunks: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<Uint8Array> {
  for await (const pieces of chunks) yield* pieces;
}
