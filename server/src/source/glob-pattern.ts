/**
 * Globs: `*` any characters of a name, `?` one, `[a-z]` and `[!a-z]` one of some, `{a,b}` either, `**` any folders; a
 * backslash before a character takes its meaning away. Matching takes time proportional to pattern times name.
 */

const WILDCARDS = /[*?[\]{}\\]/;
/** Alternatives of braces in one glob, all combinations counted. */
const MAX_ALTERNATIVES = 100;

/** One part of a path: `folders` stands for any number of them. */
export type GlobPart = { literal: string } | { matches(name: string): boolean; isHidden: boolean } | 'folders';

/** Whether a text has a character with a meaning. */
export function hasWildcard(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (WILDCARDS.test(text[at]!)) return true;
  }
  return false;
}

/** The text without the meaning of any character. */
export function escapeGlob(text: string): string {
  return text.replaceAll(/[*?[\]{}\\]/g, '\\$&');
}

/** The text that a glob without wildcards stands for. */
export function unescapeGlob(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}

/** The globs without braces that one with braces stands for; undefined if they are too many. */
export function expandBraces(glob: string): string[] | undefined {
  const [open, close] = braces(glob);
  if (open < 0) return [glob];
  const alternatives = splitAtCommas(glob.slice(open + 1, close));
  const found: string[] = [];
  for (const alternative of alternatives) {
    const rest = expandBraces(glob.slice(0, open) + alternative + glob.slice(close + 1));
    if (!rest || found.length + rest.length > MAX_ALTERNATIVES) return undefined;
    found.push(...rest);
  }
  return found;
}

/** Where the first innermost braces with a comma between them are; -1 if there are none. */
function braces(glob: string): [open: number, close: number] {
  let open = -1;
  for (let at = 0; at < glob.length; at++) {
    if (glob[at] === '\\') at++;
    else if (glob[at] === '{') open = at;
    else if (glob[at] === '}' && open >= 0) {
      if (splitAtCommas(glob.slice(open + 1, at)).length > 1) return [open, at];
      open = -1;
    }
  }
  return [-1, -1];
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ',') {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Reads one part of a path. */
export function readPart(part: string): GlobPart {
  if (part === '**') return 'folders';
  if (!hasWildcard(part)) return { literal: unescapeGlob(part) };
  const tokens = readTokens(part);
  return { matches: (name) => matches(tokens, Array.from(name)), isHidden: part.startsWith('.') };
}

/**
 * Says which keys of an object storage match a glob without braces. `**` stands for any folders, also for none; names that
 * begin with a point match only where the glob has the point.
 */
export function keyMatcher(glob: string): { prefix: string; matches(key: string): boolean } {
  const parts = glob.split('/').map(readPart);
  const wild = parts.findIndex((part) => typeof part === 'string' || !('literal' in part));
  const literal = parts.slice(0, wild < 0 ? parts.length : wild).map((part) => (part as { literal: string }).literal);
  // The characters before the first wildcard narrow the list.
  const start = wild < 0 ? '' : unescapeGlob(/^(?:[^*?[\]{}\\]|\\.)*/s.exec(glob.split('/')[wild]!)![0]);
  const folder = literal.map((name) => `${name}/`).join('');
  return {
    prefix: wild < 0 ? literal.join('/') : `${folder}${start}`,
    matches: (key) => matchesParts(parts, key.split('/')),
  };
}

/** Whether names match parts: as of characters, after a mismatch the last `**` takes one name more. */
function matchesParts(parts: readonly GlobPart[], names: readonly string[]): boolean {
  let part = 0;
  let at = 0;
  let folders = -1;
  let foldersAt = 0;
  const fits = (wanted: GlobPart | undefined, name: string) => {
    if (wanted === undefined || wanted === 'folders') return false;
    return 'literal' in wanted
      ? wanted.literal === name
      : (wanted.isHidden || !name.startsWith('.')) && wanted.matches(name);
  };
  while (at < names.length) {
    if (parts[part] === 'folders') {
      folders = part++;
      foldersAt = at;
    } else if (fits(parts[part], names[at]!)) {
      part++;
      at++;
    } else if (folders >= 0 && !names[foldersAt]!.startsWith('.')) {
      part = folders + 1;
      at = ++foldersAt;
    } else return false;
  }
  // As of files: behind the last folder there is a name, which `**` alone stands for, too.
  while (parts[part] === 'folders') part++;
  return part === parts.length;
}

type Token = 'star' | ((character: string) => boolean);

function readTokens(part: string): Token[] {
  const characters = Array.from(part);
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === '*') tokens.push('star');
    else if (character === '?') tokens.push(() => true);
    else if (character === '[') {
      const end = endOfClass(characters, at);
      if (end < 0) tokens.push(same('['));
      else tokens.push(readClass(characters.slice(at + 1, end)));
      at = Math.max(at, end);
    } else if (character === '\\' && at + 1 < characters.length) tokens.push(same(characters[++at]!));
    else tokens.push(same(character));
  }
  return tokens;
}

function same(wanted: string): Token {
  return (character) => character === wanted;
}

/** Where the bracket is that closes a class; a bracket at its beginning is one of it. */
function endOfClass(characters: readonly string[], open: number): number {
  const isNegated = characters[open + 1] === '!' || characters[open + 1] === '^';
  for (let at = open + (isNegated ? 3 : 2); at < characters.length; at++) if (characters[at] === ']') return at;
  return -1;
}

function readClass(inside: readonly string[]): Token {
  const isNegated = inside[0] === '!' || inside[0] === '^';
  const characters = isNegated ? inside.slice(1) : inside;
  const ranges: [from: string, to: string][] = [];
  for (let at = 0; at < characters.length; at++) {
    const isRange = characters[at + 1] === '-' && at + 2 < characters.length;
    ranges.push([characters[at]!, characters[isRange ? at + 2 : at]!]);
    if (isRange) at += 2;
  }
  const isIn = (character: string) => {
    const code = character.codePointAt(0)!;
    return ranges.some(([from, to]) => from.codePointAt(0)! <= code && code <= to.codePointAt(0)!);
  };
  return (character) => isIn(character) !== isNegated;
}

/** Whether a name matches: after a mismatch the last star takes one character more. */
function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const wanted = tokens[token];
    if (wanted === 'star') {
      star = token++;
      starAt = at;
    } else if (wanted?.(name[at]!)) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (tokens[token] === 'star') token++;
  return token === tokens.length;
}
