import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withinBudget } from '../testing/property-budget.ts';
import { foldName, isTotalName, mayBeTotal, TOTAL_BEGINNINGS } from '../total-names.ts';
import { hashFolded } from './folded-hash.ts';
import { mayNameTotal } from './total-initials.ts';

function hashOf(name: string) {
  const bytes = Buffer.from(`?${name}?`);
  const found = { hash: 0, hasLineBreak: false };
  hashFolded(bytes, 1, bytes.length - 1, 7, found);
  return found;
}

/** Every character that has another form, is a part of one, or is not seen is likely to come. */
const TRICKY = [
  ...'aAzZ09 .-\t\n\r\0\x7fäÄéÉßıİſKÅΣσςЙйИЁёΑάΆ文豈한학ㅂＡａｱﾞがか゛²½ﬁǄ\u0300\u0301\u0306\u0307\u0308\u030a\u00a0\u00ad\u200b\u200d\u2028\ufe0f\ufeff😀𝐀',
];
const character = fc.oneof(fc.constantFrom(...TRICKY), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }));
const name = fc.array(character, { minLength: 1, maxLength: 8 }).map((all) => all.join('').toWellFormed());
/** Another way to write a name: what folding takes away, and what it makes the same. */
const otherWay = fc.constantFrom<(name: string) => string>(
  (name) => name.toUpperCase(),
  (name) => name.toLowerCase(),
  (name) => name.normalize('NFD'),
  (name) => name.normalize('NFC'),
  (name) => name.normalize('NFKC'),
  (name) => ` ${[...name].join('\u200b')}\u00a0`,
);

test('the hash is one of the folded name', () => {
  fc.assert(
    fc.property(name, otherWay, (name, write) => {
      expect(hashOf(name).hash).toBe(textHash(foldName(name)));
      const other = write(name);
      if (foldName(other) === foldName(name)) expect(hashOf(other).hash).toBe(hashOf(name).hash);
    }),
    withinBudget(4000),
  );
});

test('each character is hashed as its folded form, alone and behind another one', () => {
  for (let code = 1; code < 0x10000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    for (const name of [String.fromCharCode(code), `a${String.fromCharCode(code)}`, `И${String.fromCharCode(code)}`]) {
      if (hashOf(name).hash !== textHash(foldName(name))) expect.fail(`${code.toString(16)} in ${name}`);
    }
  }
});

test('line breaks are seen in any name', () => {
  fc.assert(
    fc.property(name, (name) => {
      expect(hashOf(name).hasLineBreak).toBe(/[\r\n]/.test(name));
    }),
    withinBudget(1000),
  );
});

test('no name for a sum is left out by its first letters', () => {
  const beginning = fc.constantFrom(...TOTAL_BEGINNINGS);
  const spelled = fc
    .tuple(beginning, otherWay, fc.constantFrom('', ' ', '.', 's', ' 2024'), fc.boolean())
    .map(
      ([word, write, end, isSpaced]) =>
        write(isSpaced ? [...word.replaceAll(' ', '')].join(' ') : word).trimStart() + end,
    );
  fc.assert(
    fc.property(fc.oneof(spelled, name), (name) => {
      // Names that begin with anything but a letter were never looked at among many.
      if (!/^[a-z\u0080-\u{10ffff}]/iu.test(name) || !(isTotalName(name) || mayBeTotal(name))) return;
      const bytes = Buffer.from(`${name}?`);
      expect(mayNameTotal(bytes, 0, bytes.length - 1)).toBe(true);
    }),
    withinBudget(2000),
  );
});

/** FNV-1a of the units of a text. */
function textHash(text: string): number {
  let hash = 0x811c9dc5 ^ 7;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
