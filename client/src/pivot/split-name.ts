/** Characters of a name without words that stay in sight at its end. */
const endLength = 5;

/** The last word of a name, if it is short enough to stay in sight. */
const lastWord = /[\s\-_./·][^\s\-_./·]{1,8}$/u;

/** Splits a name into its beginning, which may be cut off, and its end. */
export function splitName(name: string): [beginning: string, end: string] {
  const word = lastWord.exec(name)?.index ?? 0;
  if (word > 0) return [name.slice(0, word), name.slice(word)];
  const characters = [...name];
  return [characters.slice(0, -endLength).join(''), characters.slice(-endLength).join('')];
}
