import type { ByteMarks } from './byte-marks.ts';
import { gunzipped } from './gzip.ts';
import type { Packing } from './packing.ts';
import { unzipped } from './zip.ts';

export interface Unpacking {
  /** Is told which part of the file every piece of the text came out of. */
  marks: ByteMarks;
  /** The most that may come out, in bytes. */
  maxBytes: number;
  /** Bytes at the start of the text that are not wanted again. */
  skip: number;
  /**
   * Something that does not belong to it stands behind the file. It is left out, as by `gzip -d` and `unzip`.
   *
   * @param format of the file
   */
  onTrailingGarbage(format: 'gzip' | 'zip'): void;
}

/**
 * The text in a compressed file, while that still arrives.
 *
 * @throws {@link TallyError} GZIP_INVALID, GZIP_BOMB, ZIP_INVALID, ZIP_BOMB, UPLOAD_TOO_LARGE, NOT_A_CSV; errors of the
 * source
 */
export function unpacked(
  packing: Exclude<Packing, 'none'>,
  source: AsyncIterable<Uint8Array>,
  unpacking: Unpacking,
): AsyncGenerator<Uint8Array> {
  return packing === 'gzip' ? gunzipped(source, unpacking) : unzipped(source, unpacking);
}
