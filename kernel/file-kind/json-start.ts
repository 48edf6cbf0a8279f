/** A token of JSON (RFC 8259) at a place; a string, a number or a word may be cut off by the end. */
const TOKEN = /[\s]*(?:([{}[\]:,])|("(?:[^"\\\n]|\\.)*)("?)|(-?\d[\d.eE+-]*|true|false|null))/y;

/** The tokens that may come next. */
type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end';

/**
 * Whether a text is JSON, or the beginning of it. It must be so to its end: a CSV whose first field is `[a]` or
 * `{"a":1}` has something behind it that no JSON has. A text that says too little, such as `[1,2`, is not called JSON.
 *
 * @param text begins with a bracket; it may be cut off anywhere
 */
export function isJson(text: string): boolean {
  const scan = new JsonScan();
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(text);
    if (!token) return text.slice(at).trim() === '' && scan.isTelling;
    const isCutOff = TOKEN.lastIndex === text.length;
    if (token[2] !== undefined && !token[3] && !isCutOff) return false;
    if (!scan.take(token[1] ?? (token[2] === undefined ? 'word' : 'text'))) return false;
    // One value a line is JSON, too (JSON Lines), and the first says enough.
    if (scan.isClosed) return scan.isTelling && /^[ \r]*(?:\n\s*[[{]|\s*$)/.test(text.slice(TOKEN.lastIndex));
  }
  return scan.isTelling;
}

/** Follows the grammar, token by token. */
class JsonScan {
  readonly #open: ('{' | '[')[] = [];
  #expected: Expected = 'value';
  /** Whether there was a key, or a bracket inside of a bracket: something that hardly any CSV begins with. */
  isTelling = false;

  get isClosed(): boolean {
    return this.#open.length === 0;
  }

  /** @returns whether the token may stand there */
  take(token: string): boolean {
    const expected = this.#expected;
    if (token === '{' || token === '[') {
      if (!expected.startsWith('value')) return false;
      if (this.#open.length > 0) this.isTelling = true;
      this.#open.push(token);
      this.#expected = token === '{' ? 'key or end' : 'value or end';
      return true;
    }
    if (token === '}' || token === ']') return this.#close(token);
    if (token === ':') {
      this.#expected = 'value';
      if (expected === 'colon') this.isTelling = true;
      return expected === 'colon';
    }
    if (token === ',') {
      this.#expected = this.#open.at(-1) === '{' ? 'key' : 'value';
      return expected === 'comma or end';
    }
    if (expected.startsWith('key')) {
      this.#expected = 'colon';
      return token === 'text';
    }
    this.#expected = 'comma or end';
    return expected.startsWith('value');
  }

  #close(token: '}' | ']'): boolean {
    const opened = this.#open.pop();
    const canEnd = this.#expected.endsWith('end');
    this.#expected = 'comma or end';
    return canEnd && opened === (token === '}' ? '{' : '[');
  }
}
