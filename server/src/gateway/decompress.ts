import { TallyError } from '../errors.ts';
import { ByteInput } from './byte-input.ts';
import type { ByteMarks } from './byte-marks.ts';
import { inflateMember, readGzipHeader } from './gzip-member.ts';

/** What may come out of any file, however small: a day's sales that are all alike are no bomb. */
const UNSUSPICIOUS_BYTES = 256 * 1024 * 1024;
/** Beyond that: CSVs come to a tenth or a twentieth by gzip; the most that it can do is 1032 times. */
const MAX_RATIO = 500;

export interface Decompression {
  /** Is told which part of the file every piece of the text came out of. */
  marks: ByteMarks;
  /** The most that may come out, in bytes. */
  maxBytes: number;
  /** Bytes at the start of the text that are not wanted again. */
  skip: number;
  /** Something that is not gzip stands behind the file. It is left out, as by `gzip -d`. */
  onTrailingGarbage(): void;
}

/**
 * The text of a gzip file: of all its members, one after the other, as `gzip -d` writes it.
 *
 * @throws {@link TallyError} GZIP_INVALID; UPLOAD_TOO_LARGE and GZIP_BOMB, before more comes out than is allowed; what
 * the source throws
 */
export async function* decompressed(
  source: AsyncIterable<Uint8Array>,
  { marks, maxBytes, skip, onTrailingGarbage }: Decompression,
): AsyncGenerator<Uint8Array> {
  const input = new ByteInput(source);
  let position = 0;
  let length = 0;
  const onOutput = (reached: number) => (position = reached);
  try {
    for (let isFirst = true; ; isFirst = false) {
      const comes = await readGzipHeader(input);
      if (isFirst && comes !== 'member') throw noGzip();
      if (comes === 'other') onTrailingGarbage();
      if (comes !== 'member') return;
      for await (const piece of inflateMember(input, onOutput)) {
        const unwanted = skip - length;
        length += piece.length;
        checkLength(length, position, maxBytes);
        marks.add(length, position);
        if (unwanted < piece.length) yield piece.subarray(Math.max(0, unwanted));
      }
    }
  } finally {
    await input.close();
  }
}

function checkLength(length: number, position: number, maxBytes: number): void {
  if (length > maxBytes) {
    throw new TallyError(
      'UPLOAD_TOO_LARGE',
      `The gzip file decompresses to more than the ${maxBytes} bytes that are allowed.`,
    );
  }
  if (length > UNSUSPICIOUS_BYTES && length > position * MAX_RATIO) {
    throw new TallyError(
      'GZIP_BOMB',
      `The gzip file decompresses to more than ${MAX_RATIO} times its size: upload the file without compression.`,
    );
  }
}

function noGzip(): TallyError {
  return new TallyError(
    'GZIP_INVALID',
    'The upload is said to be gzip, but it is not: upload it as it is, or compress it.',
  );
}
