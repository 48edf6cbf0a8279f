/** White space around fields: one byte each in ASCII (a table of the plan), and three characters that take more. */
import { isWhiteSpace, trims } from './plan';

const SPACE: u32 = 32;

/** The first bytes of U+00A0 (C2 A0), U+200B (E2 80 8B) and U+FEFF (EF BB BF) in UTF-8. */
export const LEAD_C2: u32 = 0xc2;
export const LEAD_E2: u32 = 0xe2;
export const LEAD_EF: u32 = 0xef;

/** Whether a byte may be white space, or a part of one: nearly no first or last byte of a field is. */
export function mayBeSpace(byte: u32): bool {
  return byte <= SPACE || byte >= 0x80;
}

/** The last bytes of the three. */
const LAST_OF_C2: u32 = 0xa0;
const LAST_OF_E2: u32 = 0x8b;
const LAST_OF_EF: u32 = 0xbf;

/** The same for the first byte of a field: no letter of most alphabets begins as white space does. */
export function mayBeginSpace(byte: u32): bool {
  return byte <= SPACE || (byte >= 0x80 && (byte == LEAD_C2 || byte == LEAD_E2 || byte == LEAD_EF));
}

/** The same for the last byte of a field. */
export function mayEndSpace(byte: u32): bool {
  return byte <= SPACE || (byte >= 0x80 && (byte == LAST_OF_C2 || byte == LAST_OF_E2 || byte == LAST_OF_EF));
}

/** Returns where the first byte behind white space is. */
export function skipSpace(from: usize, end: usize): usize {
  let at = from;
  while (at < end) {
    const byte: u32 = load<u8>(at);
    if (isWhiteSpace(byte)) {
      at++;
      continue;
    }
    const length = byte < LEAD_C2 ? 0 : wideSpaceAt(at, end);
    if (length == 0) break;
    at += length;
  }
  return at;
}

/** Returns where the white space at the end of `[start, from)` begins. */
export function dropSpace(start: usize, from: usize): usize {
  let end = from;
  while (end > start) {
    const byte: u32 = load<u8>(end - 1);
    if (isWhiteSpace(byte)) {
      end--;
      continue;
    }
    // None of the three characters is shorter than two bytes, and their last bytes are no ASCII.
    if (byte < 0x80 || end - start < 2) break;
    const length: usize = load<u8>(end - 2) == LEAD_C2 ? 2 : 3;
    if (end - start < length || wideSpaceAt(end - length, end) != length) break;
    end -= length;
  }
  return end;
}

/** The length of the white space of more than one byte at an address; 0 if there is none. */
function wideSpaceAt(at: usize, end: usize): usize {
  if (!trims) return 0;
  const lead: u32 = load<u8>(at);
  const left = end - at;
  if (lead == LEAD_C2) return left >= 2 && load<u8>(at, 1) == LAST_OF_C2 ? 2 : 0;
  if (left < 3) return 0;
  if (lead == LEAD_E2) return load<u8>(at, 1) == 0x80 && load<u8>(at, 2) == LAST_OF_E2 ? 3 : 0;
  return lead == LEAD_EF && load<u8>(at, 1) == 0xbb && load<u8>(at, 2) == LAST_OF_EF ? 3 : 0;
}
