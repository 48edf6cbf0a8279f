import { globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withinBudget } from '../../../kernel/testing/property-budget.ts';
import { AllowedFolders } from './allowed-folders.ts';
import { escapeGlob, expandBraces, keyMatcher, readPart } from './glob-pattern.ts';
import { readSource, urlOfPath } from './source-path.ts';
import { walkGlob } from './walk-glob.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystream-globs-'));
  for (const path of [
    'in/a.csv',
    'in/b.csv',
    'in/.hidden.csv',
    'in/x/a.csv',
    'in/x/y/c.csv',
    'in/[a].csv',
    'out/s.csv',
  ]) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
  symlinkSync(join(folder, 'out'), join(folder, 'in/link'));
  symlinkSync(join(folder, 'in/x'), join(folder, 'in/way'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const { signal } = new AbortController();
const find = async (glob: string, inside = 'in') => {
  const allowed = new AllowedFolders({ folders: [join(folder, inside)], except: [], own: '' });
  return (await walkGlob(glob, allowed, signal)).map((path) => path.slice(folder.length + 1));
};

test('a part matches as by Node, whatever it is', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab.*?[]!-c'), minLength: 1, maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom(...'abc.-]'), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(text, name, (glob, candidate) => {
      // Classes that are empty, not closed, or ranges of nothing have no meaning that all agree on; hidden names are the walk's.
      fc.pre(
        !/\[[\]!^]|\[[^\]]*$|[-[]-|-\]|\[[^\]]*\[|\*\*/.test(glob) && !/^\./.test(candidate) && !/^\.+$/.test(glob),
      );
      const part = readPart(glob);
      const isMatch =
        typeof part !== 'string' && ('literal' in part ? part.literal === candidate : part.matches(candidate));
      expect(isMatch, `${glob} ${candidate}`).toBe(matchesGlob(candidate, glob));
    }),
    withinBudget(2000),
  );
});

test('patterns that make others try everything take no time', () => {
  const part = readPart(`${'*a'.repeat(2_000)}b`);
  expect(typeof part === 'string' || 'literal' in part || part.matches('a'.repeat(4_000))).toBe(false);
});

test.each([
  ['in/*.csv', ['in/[a].csv', 'in/a.csv', 'in/b.csv']],
  ['in/{a,b}.csv', ['in/a.csv', 'in/b.csv']],
  ['in/{a,{b,c}}.csv', ['in/a.csv', 'in/b.csv']],
  ['in/{a}.csv', []],
  ['in/\\[a\\].csv', ['in/[a].csv']],
  ['in/.h*', ['in/.hidden.csv']],
  ['in/**/*.csv', ['in/[a].csv', 'in/a.csv', 'in/b.csv', 'in/x/a.csv', 'in/x/y/c.csv']],
  ['in/**/**/**/**/**/a.csv', ['in/a.csv', 'in/x/a.csv']],
  ['in/**', ['in/[a].csv', 'in/a.csv', 'in/b.csv', 'in/x/a.csv', 'in/x/y/c.csv']],
  ['in/w?y/a.csv', ['in/way/a.csv']],
  ['in/{a.csv,x/*}', ['in/a.csv', 'in/x/a.csv']],
])('%s finds what is meant', async (glob, right) => {
  expect(await find(join(folder, glob))).toEqual(right);
});

test.each(['in/lin[k]/*', 'in/l*/s.csv', 'in/*/s.csv', 'in/**/s.csv', 'in/{[l]ink,x}/s*'])(
  '%s finds nothing behind a link that leads out',
  async (glob) => {
    expect(await find(join(folder, glob))).toEqual([]);
  },
);

test.each([
  'in/{..,x}/out/*',
  'in/[.][.]/out/*',
  'in/{a,../out/s}.csv',
  'in/.?/out/*',
  'in/?./out/*',
  'in/*/../../out/*',
])('%s does not lead up', async (glob) => {
  const found = await find(`${folder}/${glob}`).catch((error: Error) => error.message);
  expect(found.toString()).not.toContain('s.csv');
  if (Array.isArray(found)) expect(found.filter((path) => path.startsWith('out'))).toEqual([]);
});

test.each([`{1..100000}`, '{a,b}'.repeat(16), '{a,'.repeat(50), `{${'a,'.repeat(5_000)}}`, '**/'.repeat(300)])(
  'a glob with too many meanings is refused or finds nothing, at once: %.20s',
  async (part) => {
    const found = await find(`${folder}/in/${part}/x`).catch((error: { code: string }) => error.code);
    expect([[], 'REQUEST_INVALID']).toContainEqual(found);
  },
);

test.each([
  ['a/b.csv', 'a/b.csv', ['a/b.csv'], ['a/b.csv.gz', 'a/b', 'a/bXcsv']],
  ['a/*.csv', 'a/', ['a/b.csv', 'a/ .csv'], ['a/.b.csv', 'a/b/c.csv', 'b.csv']],
  ['a/x[0-9]?.csv', 'a/x', ['a/x12.csv'], ['a/x1.csv', 'a/y12.csv']],
  ['**/b.csv', '', ['b.csv', 'a/b.csv', 'a/c/b.csv'], ['.a/b.csv', 'a/b.csv/c']],
  ['a/**/c*.csv', 'a/', ['a/c.csv', 'a/b/c1.csv', 'a/b/b/c.csv'], ['a/.b/c.csv', 'c.csv', 'a/b/d.csv']],
  ['a/**', 'a/', ['a/b', 'a/b/c'], ['b/a', 'a/.b']],
  ['a/\\*b/*', 'a/*b/', ['a/*b/c'], ['a/xb/c']],
])('keys of objects match %s as paths do', (glob, prefix, matching, others) => {
  const matcher = keyMatcher(glob);
  expect(matcher.prefix).toBe(prefix);
  expect([...matching, ...others].filter((key) => matcher.matches(key))).toEqual(matching);
  for (const key of matching) expect(key.startsWith(prefix)).toBe(true);
});

test('a walk ends by its signal', async () => {
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  const allowed = new AllowedFolders({ folders: [folder], except: [], own: '' });
  await expect(walkGlob(`${folder}/**`, allowed, stop.signal)).rejects.toThrow('enough');
});

test('a name as a URL means that file, whatever characters it has', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), (name) => {
      fc.pre(!/[/\0]|^\.{1,2}$/.test(name) && name.isWellFormed());
      expect(readSource(urlOfPath(`/data/${name}`))).toEqual({ path: `/data/${name}`, glob: undefined });
      expect(expandBraces(escapeGlob(name))).toEqual([escapeGlob(name)]);
    }),
    withinBudget(2000),
  );
});

test('an escaped wildcard of a URL has no meaning, and a plain one has', () => {
  expect(readSource('file:///data/sales%5B1%5D.csv')).toEqual({ path: '/data/sales[1].csv', glob: undefined });
  expect(readSource('file:///data/sales[1].csv').glob).toBe('/data/sales[1].csv');
  expect(globSync(join(folder, 'in/[[]a].csv'))).toHaveLength(1);
});
