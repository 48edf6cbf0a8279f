import iconv from 'iconv-lite';
import { ZERO } from './ascii.ts';
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
  if (chosen === UTF_8) {
    const markBytes = mark?.encoding === UTF_8 ? mark.length : 0;
    return { encoding: chosen, text: head.subarray(markBytes), markBytes, transcoder: UTF_8_TRANSCODER };
  }
  const transcoder = new IconvTranscoder(withByteOrder(chosen, head), true);
  const written = transcoder.write(head);
  const text = isComplete ? Buffer.concat([written, transcoder.end()]) : written;
  return { encoding: chosen, text, markBytes: 0, transcoder };
}

/** Names that leave the order of the bytes to the file: what iconv-lite would find out must be known to resume. */
function withByteOrder(encoding: string, head: Uint8Array): string {
  const plain = encoding.replace(/[^0-9a-z]/g, '');
  if (plain === 'utf16') {
    const mark = readByteOrderMark(head);
    if (mark && mark.encoding !== UTF_8) return mark.encoding;
    return countZeros(head, 0, 2) > countZeros(head, 1, 2) ? 'utf-16be' : 'utf-16le';
  }
  if (plain === 'utf32' || plain === 'ucs4') {
    return countZeros(head, 0, 4) > countZeros(head, 3, 4) ? 'utf-32be' : 'utf-32le';
  }
  return encoding;
}

/** Looks at the first 100 characters. */
function countZeros(head: Uint8Array, from: number, step: number): number {
  let zeros = 0;
  for (let at = from; at < Math.min(head.length, 100 * step); at += step) if (head[at] === 0) zeros++;
  return zeros;
}

/** Turns a file's bytes, cut anywhere, into UTF-8 without a byte order mark. */
export interface Transcoder {
  /** What {@link resumeTranscoder} needs to make the same. */
  readonly encoding: string;
  /** The result may be the input itself. */
  write(bytes: Uint8Array): Uint8Array;
  /** What was held back, once the file has ended. */
  end(): Uint8Array;
  /** The last bytes of the file so far that are not in any result yet. */
  readonly held: Uint8Array;
}

/** Makes a transcoder that goes on where another one stood. */
export function resumeTranscoder(encoding: string, held: Uint8Array): Transcoder {
  return encoding === UTF_8 ? UTF_8_TRANSCODER : new IconvTranscoder(encoding, false, held);
}

/** How much is turned into a string at a time: strings take two bytes a character and more while they are made. */
const TRANSCODE_PIECE_BYTES = 1024 * 1024;
/** More is never held back: a record of so many bytes is too long in any encoding. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;
const NOTHING = new Uint8Array(0);
/** Stands for what is not valid in the file's encoding: no UTF-8 has this byte, so no department may hold it. */
const INVALID = Uint8Array.of(0xff);

const UTF_8_TRANSCODER: Transcoder = {
  encoding: UTF_8,
  write: (bytes) => bytes,
  end: () => NOTHING,
  held: NOTHING,
};

/** Only ever decodes up to the end of a character, so that a new decoder can go on at any time. */
class IconvTranscoder implements Transcoder {
  readonly encoding: string;
  held: Uint8Array;
  readonly #decoder: ReturnType<typeof iconv.getDecoder>;
  readonly #endOfCharacters: (bytes: Uint8Array) => number;
  /** What the decoder puts in the place of what is not valid. UTF-16 can hold U+FFFD itself, so there it is no sign. */
  readonly #invalid: RegExp;

  constructor(encoding: string, isStart: boolean, held: Uint8Array = NOTHING) {
    this.encoding = encoding;
    this.held = held;
    this.#decoder = iconv.getDecoder(encoding as Parameters<typeof iconv.getDecoder>[0], { stripBOM: isStart });
    this.#endOfCharacters = endOfCharacters(encoding);
    this.#invalid = isUtf16(encoding) ? /\p{Surrogate}/u : /\ufffd|\p{Surrogate}/u;
  }

  write(bytes: Uint8Array): Uint8Array {
    const all = Buffer.concat([this.held, bytes]);
    const found = this.#endOfCharacters(all);
    const end = all.length - found > MAX_HELD_BYTES ? all.length : found;
    this.held = all.subarray(end);
    const pieces: Uint8Array[] = [];
    for (let from = 0; from < end; ) {
      const part = all.subarray(from, Math.min(end, from + TRANSCODE_PIECE_BYTES));
      const length = from + part.length < end ? this.#endOfCharacters(part) || part.length : part.length;
      pieces.push(this.#encode(this.#decoder.write(part.subarray(0, length))));
      from += length;
    }
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  end(): Uint8Array {
    const text = this.#decoder.write(Buffer.from(this.held)) + (this.#decoder.end() ?? '');
    this.held = NOTHING;
    return this.#encode(text);
  }

  #encode(text: string): Uint8Array {
    if (!this.#invalid.test(text)) return Buffer.from(text, 'utf8');
    const parts = text.split(this.#invalid).flatMap((part) => [Buffer.from(part, 'utf8'), INVALID]);
    return Buffer.concat(parts.slice(0, -1));
  }
}

function isUtf16(encoding: string): boolean {
  return /^(utf-?16|ucs-?2)/.test(encoding);
}

/** How to find where the last whole character of some bytes ends, if the first begins with them. */
function endOfCharacters(encoding: string): (bytes: Uint8Array) => number {
  if (isUtf16(encoding)) {
    const high = encoding.endsWith('be') ? 2 : 1;
    return (bytes) => {
      const end = bytes.length & ~1;
      // Both halves of a surrogate pair belong together.
      return end >= 2 && (bytes[end - high]! & 0xfc) === 0xd8 ? end - 2 : end;
    };
  }
  if (/^(utf-?32|ucs-?4)/.test(encoding)) return (bytes) => bytes.length & ~3;
  // In none of the others a byte below the digits (a line end, a blank, a comma) is part of a longer character.
  return (bytes) => {
    let end = bytes.length;
    while (end > 0 && bytes[end - 1]! >= ZERO) end--;
    return end;
  };
}
