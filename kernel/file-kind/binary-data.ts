import { isControl } from './file-signatures.ts';

/** Fewer bytes than these prove nothing. */
const LEAST_BYTES = 32;
/**
 * Control characters that a text may hold: SO, SI and ESC switch tables in ISO 2022, SUB ends files of DOS, the rest
 * stands between fields (ASCII 28 to 31). Hive's 1 to 3 are too few to matter.
 */
const OF_TEXTS = new Set([0x0e, 0x0f, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f]);
/** So many different control characters are in no text; noise of 250 bytes has as many. */
const MANY_KINDS = 8;
/** A text filled up with NULs has fewer of them than this share. */
const MANY_NULS = 0.4;
/** A text in UTF-16 or UTF-32 may hold a few characters that are none. */
const MAX_ODD_SHARE = 0.005;

/** Whether bytes are no text in any encoding. Of compressed or encrypted data 250 bytes are enough to tell. */
export function isBinary(head: Uint8Array): boolean {
  if (head.length < LEAST_BYTES || WIDE_FORMS.some((form) => isWideText(head, form))) return false;
  let nulCount = 0;
  const kinds = new Set<number>();
  for (const byte of head) {
    if (byte === 0) nulCount++;
    else if (isControl(byte) && !OF_TEXTS.has(byte)) kinds.add(byte);
  }
  return kinds.size >= MANY_KINDS || nulCount > head.length * MANY_NULS;
}

interface WideForm {
  width: 2 | 4;
  isLittleEndian: boolean;
}

const WIDE_FORMS: readonly WideForm[] = [
  { width: 2, isLittleEndian: true },
  { width: 2, isLittleEndian: false },
  { width: 4, isLittleEndian: true },
  { width: 4, isLittleEndian: false },
];

/** Whether bytes read as UTF-16 or UTF-32 are text: next to no control characters, and surrogates in pairs. */
function isWideText(head: Uint8Array, { width, isLittleEndian }: WideForm): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const count = Math.floor(head.length / width);
  let oddCount = 0;
  let isPairOpen = false;
  for (let index = 0; index < count; index++) {
    const at = index * width;
    const unit = width === 2 ? view.getUint16(at, isLittleEndian) : view.getUint32(at, isLittleEndian);
    const isSecond = width === 2 && unit >= 0xdc00 && unit < 0xe000;
    if (isSecond !== isPairOpen) oddCount++;
    isPairOpen = width === 2 && unit >= 0xd800 && unit < 0xdc00;
    if (isNoCharacter(unit)) oddCount++;
  }
  return oddCount <= count * MAX_ODD_SHARE;
}

function isNoCharacter(unit: number): boolean {
  if (unit < 0x20) return isControl(unit) && !OF_TEXTS.has(unit);
  // Unicode has no characters there; the byte order mark is the other way round.
  return unit === 0xfffe || unit === 0xffff || unit > 0x10ffff;
}
