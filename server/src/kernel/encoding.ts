import iconv from 'iconv-lite';
import { KernelError } from './kernel.ts';

/** The name of the encoding that needs no transcoding. */
export const UTF_8 = 'utf-8';

const UTF_8_NAMES = new Set(['utf8', 'unicode11utf8']);
/** What iconv-lite calls encodings although they are no character encodings. */
const NO_ENCODINGS = new Set(['hex', 'base64', 'internal', 'utf7', 'utf7imap']);

const BYTE_ORDER_MARKS = [
  { encoding: UTF_8, bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/**
 * The encoding that a name means.
 *
 * @throws KernelError `ENCODING_UNKNOWN`
 */
export function resolveEncoding(name: string): string {
  const plain = name.toLowerCase().replace(/[^0-9a-z]/g, '');
  if (UTF_8_NAMES.has(plain)) return UTF_8;
  if (plain === '' || NO_ENCODINGS.has(plain) || !iconv.encodingExists(plain)) {
    throw new KernelError(
      'ENCODING_UNKNOWN',
      `encoding is ${JSON.stringify(name)}, which is not known; use its usual name, such as utf-8, utf-16le, windows-1252 or shift_jis, or auto`,
    );
  }
  return name.toLowerCase().trim();
}

/** The encoding that a file's byte order mark tells, and the length of the mark; undefined without one. */
function readByteOrderMark(head: Uint8Array): { encoding: string; length: number } | undefined {
  const found = BYTE_ORDER_MARKS.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte));
  return found && { encoding: found.encoding, length: found.bytes.length };
}

/** The beginning of a file as text, and what to go on with. */
export interface OpenedText {
  encoding: string;
  /** UTF-8 without a byte order mark. */
  text: Uint8Array;
  /** Bytes of the mark, if it stands in front of `text` in the file as it is: the file is UTF-8. */
  markBytes: number;
  /** Takes the bytes after the head. */
  transcoder: Transcoder;
}

/**
 * Turns the head of a file into text.
 *
 * @param encoding if it is given; else the byte order mark decides, else it is UTF-8
 * @param isComplete whether the head is the whole file
 */
export function openText(head: Uint8Array, isComplete: boolean, encoding: string | undefined): OpenedText {
  const mark = readByteOrderMark(head);
  const chosen = encoding ?? mark?.encoding ?? UTF_8;
  const transcoder = createTranscoder(chosen);
  if (chosen === UTF_8) {
    const markBytes = mark?.encoding === UTF_8 ? mark.length : 0;
    return { encoding: chosen, text: head.subarray(markBytes), markBytes, transcoder };
  }
  const written = transcoder.write(head);
  const text = isComplete ? Buffer.concat([written, transcoder.end()]) : written;
  return { encoding: chosen, text, markBytes: 0, transcoder };
}

/** Turns a file's bytes, cut anywhere, into UTF-8 without a byte order mark. */
export interface Transcoder {
  /** The result may be the input itself. */
  write(bytes: Uint8Array): Uint8Array;
  /** What was held back, once the file has ended. */
  end(): Uint8Array;
}

/** How much is turned into a string at a time: strings take two bytes a character and more while they are made. */
const TRANSCODE_PIECE_BYTES = 1024 * 1024;
const NOTHING = new Uint8Array(0);

function createTranscoder(encoding: string): Transcoder {
  return encoding === UTF_8 ? { write: (bytes) => bytes, end: () => NOTHING } : new IconvTranscoder(encoding);
}

class IconvTranscoder implements Transcoder {
  readonly #decoder: ReturnType<typeof iconv.getDecoder>;
  /** The first half of a surrogate pair that was cut: each half alone would become U+FFFD. */
  #half = '';

  constructor(encoding: string) {
    this.#decoder = iconv.getDecoder(encoding as Parameters<typeof iconv.getDecoder>[0], { stripBOM: true });
  }

  write(bytes: Uint8Array): Uint8Array {
    const pieces: Buffer[] = [];
    for (let from = 0; from < bytes.length; from += TRANSCODE_PIECE_BYTES) {
      const length = Math.min(TRANSCODE_PIECE_BYTES, bytes.length - from);
      const text = this.#half + this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset + from, length));
      const last = text.charCodeAt(text.length - 1);
      const isCut = last >= 0xd800 && last <= 0xdbff;
      this.#half = isCut ? text.slice(-1) : '';
      pieces.push(Buffer.from(isCut ? text.slice(0, -1) : text, 'utf8'));
    }
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  end(): Uint8Array {
    return Buffer.from(this.#half + (this.#decoder.end() ?? ''), 'utf8');
  }
}
