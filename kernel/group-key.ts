/** The name of a group of several columns: their values with a byte between them that none has, in their order. */

const SEPARATOR = '\u0001';
/** Stands before a character up to itself, which is two more then. */
const ESCAPE = '\u0002';

/** The values that a key is made of. */
export function keysOf(key: string): string[] {
  return key.split(SEPARATOR).map((part) => (part.includes(ESCAPE) ? unescaped(part) : part));
}

/** What a total says of its group. */
export function groupOf(key: string): { department: string; keys?: string[] } {
  const [department = '', ...more] = keysOf(key);
  return more.length === 0 ? { department } : { department, keys: [department, ...more] };
}

/** The key of values. */
export function keyOf(values: readonly string[]): string {
  return values.map(escaped).join(SEPARATOR);
}

function escaped(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those that stand for something
  return value.replaceAll(/[\u0000-\u0002]/g, (character) => ESCAPE + String.fromCharCode(character.charCodeAt(0) + 2));
}

function unescaped(part: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those that stand for something
  return part.replaceAll(/\u0002([\u0002-\u0004])/g, (_, character: string) =>
    String.fromCharCode(character.charCodeAt(0) - 2),
  );
}
