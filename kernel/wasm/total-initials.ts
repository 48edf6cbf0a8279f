import { TOTAL_BEGINNINGS } from '../total-names.ts';
import { FIRST_SYLLABLE, foldedUnit, NOT_SIMPLE } from './folded-hash.ts';

const SPACE = 32;
const LETTERS = 26;
/** One flag for each first letter of a word for a sum, and for each first two: most names begin with other ones. */
const FIRST = new Uint8Array(LETTERS);
const FIRST_TWO = new Uint8Array(LETTERS * LETTERS);
const OTHER_FIRST = new Set<number>();
for (const beginning of TOTAL_BEGINNINGS) {
  const [first = -1, second = -1] = Array.from(beginning, (letter) => letter.charCodeAt(0) - 97);
  if (first < 0 || first >= LETTERS) {
    OTHER_FIRST.add(beginning.charCodeAt(0));
    continue;
  }
  FIRST[first] = 1;
  FIRST_TWO[first * LETTERS + second] = 1;
}

/**
 * Whether a name may be a word for a sum, by its first two letters; by the first alone if it is not ASCII. A space may
 * stand between letters, as in `T O T A L`.
 */
export function mayNameTotal(bytes: Buffer, start: number, length: number): boolean {
  const initial = bytes[start]!;
  if (initial >= 0x80) return mayBeginTotal(foldedUnit(bytes, start));
  const first = letterOf(initial);
  if (first < 0 || FIRST[first] === 0 || length < 2) return false;
  const next = bytes[start + 1] === SPACE && length > 2 ? bytes[start + 2]! : bytes[start + 1]!;
  if (next >= 0x80) return true;
  const second = letterOf(next);
  return second >= 0 && FIRST_TWO[first * LETTERS + second] === 1;
}

/** Korean syllables may have a part of theirs behind them. */
function mayBeginTotal(unit: number): boolean {
  return unit === NOT_SIMPLE || unit >= FIRST_SYLLABLE || OTHER_FIRST.has(unit);
}

/** The number of a letter, whatever its case; negative or too large for anything else. */
function letterOf(byte: number): number {
  const letter = (byte | 0x20) - 97;
  return letter < LETTERS ? letter : -1;
}
