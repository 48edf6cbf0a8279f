import { type Chunk, inChunks, inPieces, readPacking } from './packing.ts';
import { type Unpacking, unpacked } from './unpacked.ts';

/** An upload that may still be arriving. */
export interface Upload extends Omit<Unpacking, 'skip'> {
  /** Reads from a byte on. */
  read(from: number): AsyncIterable<Chunk>;
  /** Whether its sender or its name says that it is gzip: then it must be compressed. The first bytes tell how. */
  isGzip: boolean;
  /** How much of the text is not wanted again. */
  from: number;
}

/**
 * The text of an upload, or its unpacked text, from a byte of the text on.
 *
 * @throws as `unpacked`; errors of `read`
 */
export async function* readUpload(upload: Upload): AsyncGenerator<Chunk> {
  const { read, isGzip, from } = upload;
  const { packing, all } = await readPacking(read(0), isGzip);
  try {
    if (packing !== 'none') {
      // Compressed bytes mean nothing without those before them.
      yield* inChunks(unpacked(packing, inPieces(all), { ...upload, skip: from }));
      return;
    }
    if (from === 0) {
      yield* all;
      return;
    }
  } finally {
    await all.return(undefined);
  }
  yield* read(from);
}
