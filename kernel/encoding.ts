import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { ZERO } from './ascii.ts';
import { KernelError } from './kernel.ts';

/** The name of the encoding that needs no transcoding. */
export const UTF_8 = 'utf-8';

const UTF_8_NAMES = new Set(['utf8', 'unicode11utf8']);
/** Encodings of iconv-lite that are no character encodings. */
const NO_ENCODINGS = new Set(['hex', 'base64', 'internal', 'utf7', 'utf7imap']);

const BYTE_ORDER_MARKS = [
  { encoding: UTF_8, bytes: [0xef, 0xbb, 0xbf] },
  // Before UTF-16, whose mark it begins with.
  { encoding: 'utf-32le', bytes: [0xff, 0xfe, 0, 0] },
  { encoding: 'utf-32be', bytes: [0, 0, 0xfe, 0xff] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/**
 * The encoding that a name means.
 *
 * @throws KernelError `ENCODING_UNKNOWN`
 */
export function resolveEncoding(name: string): string {
  const plain = plainName(name);
  if (UTF_8_NAMES.has(plain)) return UTF_8;
  if (plain === '' || NO_ENCODINGS.has(plain) || !iconv.encodingExists(plain)) {
    throw new KernelError(
      'ENCODING_UNKNOWN',
      `encoding is ${JSON.stringify(name.slice(0, 60))}, which is unknown; use a usual name, such as utf-8, utf-16le, windows-1252 or shift_jis, or auto`,
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
  /** Why the encoding was taken although nothing says that it is this one; undefined if something does. */
  assumption: EncodingAssumption | undefined;
}

/** `zeros`: text in which every second byte is zero. `not-utf-8`: bytes that no UTF-8 has. */
export type EncodingAssumption = 'zeros' | 'not-utf-8';

/** The encoding of Windows in Western Europe and America; it has nearly no byte without a meaning. */
const WESTERN = 'windows-1252';

/**
 * Turns the head of a file into text.
 *
 * @param encoding if it is given; else the byte order mark decides, else zeros do, else it is UTF-8 if it can be
 * @param isComplete whether the head is the whole file
 */
export function openText(head: Uint8Array, isComplete: boolean, encoding: string | undefined): OpenedText {
  const mark = readByteOrderMark(head);
  const known = encoding ?? mark?.encoding;
  const assumed = known === undefined ? assumeEncoding(head, isComplete) : undefined;
  const chosen = known ?? assumed?.encoding ?? UTF_8;
  const assumption = assumed?.assumption;
  if (chosen === UTF_8) {
    const markBytes = mark?.encoding === UTF_8 ? mark.length : 0;
    return { encoding: chosen, text: head.subarray(markBytes), markBytes, transcoder: UTF_8_TRANSCODER, assumption };
  }
  const transcoder = new IconvTranscoder(withByteOrder(chosen, head), true);
  const written = transcoder.write(head);
  const text = isComplete ? Buffer.concat([written, transcoder.end()]) : written;
  return { encoding: chosen, text, markBytes: 0, transcoder, assumption };
}

/** The likely encoding of a file without a mark; undefined for UTF-8. */
function assumeEncoding(
  head: Uint8Array,
  isComplete: boolean,
): { encoding: string; assumption: EncodingAssumption } | undefined {
  const wide = wideEncoding(head);
  if (wide !== undefined) return { encoding: wide, assumption: 'zeros' };
  const text = isComplete ? head : withoutCutCharacter(head);
  if (isUtf8(text) || hasMoreUtf8(text)) return undefined;
  return { encoding: WESTERN, assumption: 'not-utf-8' };
}

/** Bytes that are looked at for zeros. */
const ZERO_EVIDENCE_BYTES = 4096;

/** The form of UTF-16 or UTF-32 that the zeros in a text show: digits and separators have them at the same places. */
function wideEncoding(head: Uint8Array): string | undefined {
  const length = Math.min(head.length, ZERO_EVIDENCE_BYTES) & ~3;
  const shareAt = (first: number, step: number) => {
    let zeros = 0;
    for (let at = first; at < length; at += step) if (head[at] === 0) zeros++;
    return length === 0 ? 0 : zeros / (length / step);
  };
  const [a, b, c, d] = [0, 1, 2, 3].map((first) => shareAt(first, 4));
  if (a! === 0 && b! > 0.5 && c! > 0.9 && d! > 0.9) return 'utf-32le';
  if (d! === 0 && c! > 0.5 && b! > 0.9 && a! > 0.9) return 'utf-32be';
  const [even, odd] = [shareAt(0, 2), shareAt(1, 2)];
  if (odd > 0.25 && even < 0.01) return 'utf-16le';
  if (even > 0.25 && odd < 0.01) return 'utf-16be';
  return undefined;
}

/** Whether more characters of several bytes are whole than not: a file in UTF-8 with some damage. */
function hasMoreUtf8(text: Uint8Array): boolean {
  const decoded = Buffer.from(text.buffer, text.byteOffset, text.length).toString();
  const invalid = decoded.split('\ufffd').length - 1;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all that is ASCII
  const whole = decoded.replaceAll(/[\u0000-\u007f\ufffd]/g, '').length;
  return whole > invalid;
}

/** Without a character at the end of which only a part is there. */
export function withoutCutCharacter(text: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, text.length); back++) {
    const byte = text[text.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? text.subarray(0, text.length - back) : text;
  }
  return text;
}

/** Names that leave the order of the bytes to the file: what iconv-lite would find out must be known to resume. */
function withByteOrder(encoding: string, head: Uint8Array): string {
  const plain = plainName(encoding);
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
  /** The encoding from which {@link resumeTranscoder} makes the same. */
  readonly encoding: string;
  /** The result may be the input itself. */
  write(bytes: Uint8Array): Uint8Array;
  /** Returns the bytes that were held back, once the file has ended. */
  end(): Uint8Array;
  /** The last bytes of the file so far that are not in any result yet. */
  readonly held: Uint8Array;
}

/** Makes a transcoder that goes on where another one stood. */
export function resumeTranscoder(encoding: string, held: Uint8Array): Transcoder {
  return encoding === UTF_8 ? UTF_8_TRANSCODER : new IconvTranscoder(encoding, false, held);
}

/** Makes the transcoder of a file from its first byte on, which may be a byte order mark. */
export function startTranscoder(encoding: string): Transcoder {
  return encoding === UTF_8 ? UTF_8_TRANSCODER : new IconvTranscoder(encoding, true);
}

/** How much is turned into a string at a time: strings take two bytes a character and more while they are made. */
const TRANSCODE_PIECE_BYTES = 1024 * 1024;
/** More is never held back: a record of so many bytes is too long in any encoding. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;
const NOTHING = new Uint8Array(0);
/** Stands for bytes that are not valid in the file's encoding: no UTF-8 has this byte, so no department may hold it. */
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
  /** The decoder's text in the place of invalid bytes. UTF-16 can hold U+FFFD itself, so there it is no sign. */
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
    const held = Buffer.from(this.held);
    this.held = NOTHING;
    const end = this.#endOfCharacters(held);
    const whole = this.#encode(this.#decoder.write(held.subarray(0, isFixedWidth(this.encoding) ? end : held.length)));
    // Some decoders drop half a character at the end, others make up text for it: it is what no text may hold.
    const isCut = isFixedWidth(this.encoding) ? end < held.length : isUnfinished(this.#decoder.end());
    return isCut ? Buffer.concat([whole, INVALID]) : whole;
  }

  #encode(text: string): Uint8Array {
    if (!this.#invalid.test(text)) return Buffer.from(text, 'utf8');
    const parts = text.split(this.#invalid).flatMap((part) => [Buffer.from(part, 'utf8'), INVALID]);
    return Buffer.concat(parts.slice(0, -1));
  }
}

/** Whether all characters of an encoding have a whole number of units of the same size. */
function isFixedWidth(encoding: string): boolean {
  return unitOf(encoding).bytes > 1;
}

/** The units of an encoding, whatever way its name is written: bytes, or words of two or four. */
export function unitOf(encoding: string): { bytes: 1 | 2 | 4; isBigEndian: boolean } {
  const plain = plainName(encoding);
  const bytes = /^(utf16|ucs2)/.test(plain) ? 2 : /^(utf32|ucs4)/.test(plain) ? 4 : 1;
  return { bytes, isBigEndian: plain.endsWith('be') };
}

/** A name as iconv-lite compares it. */
function plainName(encoding: string): string {
  return encoding.toLowerCase().replace(/[^0-9a-z]/g, '');
}

/** Whether the last call of a decoder says that a character is not whole. Anything but text (a number) says nothing. */
function isUnfinished(text: unknown): boolean {
  return typeof text === 'string' && text !== '';
}

function isUtf16(encoding: string): boolean {
  return unitOf(encoding).bytes === 2;
}

/** How to find where the last whole character of some bytes ends, if the first begins with them. */
function endOfCharacters(encoding: string): (bytes: Uint8Array) => number {
  if (isUtf16(encoding)) {
    const high = unitOf(encoding).isBigEndian ? 2 : 1;
    return (bytes) => {
      const end = bytes.length & ~1;
      // Both halves of a surrogate pair belong together.
      return end >= 2 && (bytes[end - high]! & 0xfc) === 0xd8 ? end - 2 : end;
    };
  }
  if (unitOf(encoding).bytes === 4) return (bytes) => bytes.length & ~3;
  // In none of the others a byte below the digits (a line end, a blank, a comma) is part of a longer character.
  return (bytes) => {
    let end = bytes.length;
    while (end > 0 && bytes[end - 1]! >= ZERO) end--;
    return end;
  };
}
