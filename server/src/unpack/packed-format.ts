import { type ErrorCode, TallyError } from '../errors.ts';
import type { ByteInput } from './byte-input.ts';

/** This many bytes may come out of any file, however small: a day's sales that are all alike are no bomb. */
const UNSUSPICIOUS_BYTES = 256 * 1024 * 1024;
/** Beyond that: CSVs come to a tenth or a twentieth by deflate; the most that it can do is 1032 times. */
const MAX_RATIO = 500;

/** The file ends before what it holds does. */
export class CutOff extends TallyError {}

/** The texts and codes of errors in a compressed file of one format. */
export class PackedFormat {
  readonly #name: string;
  readonly #invalid: ErrorCode;
  readonly #bomb: ErrorCode;
  readonly #packAgain: string;

  constructor(name: string, codes: { invalid: ErrorCode; bomb: ErrorCode }, packAgain: string) {
    this.#name = name;
    this.#invalid = codes.invalid;
    this.#bomb = codes.bomb;
    this.#packAgain = packAgain;
  }

  invalid(message: string): TallyError {
    return new TallyError(this.#invalid, message);
  }

  damaged(cause?: unknown): TallyError {
    return new TallyError(this.#invalid, `The ${this.#name} is damaged: ${this.#packAgain}.`, { cause });
  }

  cutOff(cause?: unknown): CutOff {
    return new CutOff(this.#invalid, `The ${this.#name} ends too early: ${this.#packAgain}.`, { cause });
  }

  /** The next bytes of a file. @throws {@link CutOff} if it ends before; errors of the input */
  async take(input: ByteInput, length: number): Promise<Buffer> {
    const bytes = await input.takeExactly(length);
    if (bytes.length < length) throw this.cutOff();
    return bytes;
  }

  /**
   * Checks the bytes that have come out so far.
   *
   * @param length bytes that came out of the first `position` bytes of the file
   * @throws {@link TallyError} UPLOAD_TOO_LARGE, GZIP_BOMB, ZIP_BOMB
   */
  checkLength(length: number, position: number, maxBytes: number): void {
    if (length > maxBytes) {
      const message = `The ${this.#name} decompresses to more than the allowed ${maxBytes} bytes.`;
      throw new TallyError('UPLOAD_TOO_LARGE', message);
    }
    if (length > UNSUSPICIOUS_BYTES && length > position * MAX_RATIO) {
      const message = `The ${this.#name} decompresses to more than ${MAX_RATIO} times its size: upload the file without compression.`;
      throw new TallyError(this.#bomb, message);
    }
  }
}

export const GZIP = new PackedFormat(
  'gzip file',
  { invalid: 'GZIP_INVALID', bomb: 'GZIP_BOMB' },
  'compress and upload it again',
);
export const ZIP = new PackedFormat(
  'zip archive',
  { invalid: 'ZIP_INVALID', bomb: 'ZIP_BOMB' },
  'pack and upload it again',
);
