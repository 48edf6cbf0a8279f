import { tooManyValues } from './field-limit.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;

/**
 * Counts the values of a JSON text before it is parsed: two characters become an object. Strings are passed over, so that
 * the commas in them do not count.
 *
 * @throws TallyError REQUEST_INVALID for more than `maxValues`
 */
export function checkJsonValues(json: Uint8Array, maxValues: number): void {
  let count = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at);
    else if (byte === COMMA || byte === OPENING_BRACKET || byte === OPENING_BRACE) {
      if (++count > maxValues) throw tooManyValues(maxValues);
    }
  }
}

/** The place of the quotation mark that closes a string. */
function endOfString(json: Uint8Array, start: number): number {
  for (let at = start + 1; ; at++) {
    at = json.indexOf(QUOTE, at);
    if (at < 0) return json.length;
    let backslashes = 0;
    while (json[at - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
}
