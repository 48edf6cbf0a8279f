import { foldName } from '../total-names.ts';

// FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const [LF, CR, SPACE, DELETE] = [10, 13, 32, 127];
/** Code points from here on take three bytes of UTF-8. */
const TWO_BYTE_END = 0x800;
const FIRST_BYTE_OF_THREE = 0xe0;
const FIRST_BYTE_OF_FOUR = 0xf0;
/** Stands for a character that is not asked for yet. */
const UNKNOWN = 0;
/** Stands for what is not one character folded on its own. */
export const NOT_SIMPLE = 0xffff;
export const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
/** Marks change the letter before them, and the lower case of a sigma depends on what is around it. */
const IN_CONTEXT = /\p{M}|[Σσς]/u;

/** The folded form of characters of two bytes that nothing beside them changes, found as they are met. */
const FOLDED = new Uint16Array(TWO_BYTE_END);

/** The hash of a name by its folded form, and whether the name has line breaks. */
export interface FoldedHash {
  hash: number;
  hasLineBreak: boolean;
}

/**
 * Hashes a name as {@link foldName} folds it: names that fold to the same text have the same hash. ASCII, letters that are
 * folded one by one, and Chinese and Korean characters need no text to be made.
 *
 * @param start a number that nobody knows, so that nobody can prepare names that collide
 * @param into takes the result, so that none is made for each name
 */
export function hashFolded(bytes: Buffer, from: number, to: number, start: number, into: FoldedHash): void {
  let hash = OFFSET_BASIS ^ start;
  into.hasLineBreak = false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    let unit = byte;
    if (byte >= 0x80) {
      unit = foldedUnit(bytes, at);
      if (unit === NOT_SIMPLE) {
        hashText(bytes, from, to, start, into);
        return;
      }
      at += byte < FIRST_BYTE_OF_THREE ? 1 : 2;
    } else if (byte <= SPACE || byte === DELETE) {
      if (byte === LF || byte === CR) into.hasLineBreak = true;
      continue;
    } else if (byte >= 65 && byte <= 90) unit = byte | 0x20;
    hash = Math.imul(hash ^ unit, PRIME);
  }
  into.hash = hash;
}

function hashText(bytes: Buffer, from: number, to: number, start: number, into: FoldedHash): void {
  const name = bytes.toString('utf8', from, to);
  const folded = foldName(name);
  let hash = OFFSET_BASIS ^ start;
  for (let at = 0; at < folded.length; at++) hash = Math.imul(hash ^ folded.charCodeAt(at), PRIME);
  into.hash = hash;
  into.hasLineBreak = /[\n\r]/.test(name);
}

/**
 * The folded form of a character that is not ASCII, as a UTF-16 unit, if nothing beside it changes that; else
 * {@link NOT_SIMPLE}.
 */
export function foldedUnit(bytes: Buffer, at: number): number {
  return bytes[at]! < FIRST_BYTE_OF_THREE ? foldedOfTwo(bytes[at]!, bytes[at + 1]!) : simpleOfThree(bytes, at);
}

function foldedOfTwo(first: number, second: number): number {
  const code = ((first & 0x1f) << 6) | (second & 0x3f);
  if (FOLDED[code] === UNKNOWN) {
    const text = String.fromCharCode(code);
    const folded = foldName(text);
    FOLDED[code] = folded.length === 1 && !IN_CONTEXT.test(text.normalize('NFKC')) ? folded.charCodeAt(0) : NOT_SIMPLE;
  }
  return FOLDED[code]!;
}

/** Chinese characters and Korean syllables have no case and no other form, whatever is beside them. */
function simpleOfThree(bytes: Buffer, at: number): number {
  if (bytes[at]! >= FIRST_BYTE_OF_FOUR) return NOT_SIMPLE;
  const code = ((bytes[at]! & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
  return (code >= 0x4e00 && code <= 0x9fff) || (code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE) ? code : NOT_SIMPLE;
}
