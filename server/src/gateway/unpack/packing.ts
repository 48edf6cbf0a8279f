/** How a file is compressed. */
export type Packing = 'none' | 'gzip' | 'zip';

/** So many first bytes of a file say how it is compressed. */
const PACKING_BYTES = 8;

/** RFC 1952 §2.3.1. */
const GZIP_START = '\x1f\x8b';
/**
 * A file in an archive, the end of an archive without one, the mark of a split one, and that of one which was to be split
 * and has become one part: APPNOTE.TXT §4.3.7, §4.3.16 and §8.5.
 */
const ZIP_STARTS = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08', 'PK00PK\x03\x04'];

/**
 * How a file is compressed, by its first bytes. Its name says nothing: browsers and curl decompress what they load and
 * leave the name as it is, and programs forget the `.gz`. No text in any encoding begins so.
 */
function packingOf(start: Uint8Array): Packing {
  const text = Buffer.from(start).toString('latin1');
  if (text.startsWith(GZIP_START)) return 'gzip';
  return ZIP_STARTS.some((zip) => text.startsWith(zip)) ? 'zip' : 'none';
}

/**
 * Looks at the beginning of a file, waiting for it as long as it takes.
 *
 * @returns how the file is compressed, and all of it. It has taken chunks from the source: use `all`, or close the source
 * @throws what the source throws
 */
export async function readPacking(
  source: AsyncIterable<Uint8Array>,
): Promise<{ packing: Packing; all: AsyncIterable<Uint8Array> }> {
  const chunks = source[Symbol.asyncIterator]();
  let start: Uint8Array = Buffer.alloc(0);
  while (start.length < PACKING_BYTES) {
    const { done, value } = await chunks.next();
    if (done) break;
    // The memory of a chunk is used again when the next is asked for, which is not before this one was read.
    start = start.length === 0 ? value : Buffer.concat([start, value]);
    if (start.length < PACKING_BYTES) start = Buffer.from(start);
  }
  const all = (async function* () {
    try {
      if (start.length > 0) yield start;
      yield* { [Symbol.asyncIterator]: () => chunks };
    } finally {
      await chunks.return?.();
    }
  })();
  return { packing: packingOf(start.subarray(0, PACKING_BYTES)), all };
}
