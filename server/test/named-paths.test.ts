/** Files that documents and comments name are there. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILES = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
const FOLDERS = new Set(FILES.flatMap((file) => [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index))));
/** A name in backticks with the ending of a source or a document, or of a folder below the root. */
const NAMED = /`((?:[\w.-]+\/)*(?:[\w-]+\.)+(?:ts|tsx|mjs|proto|md)|[\w-]+\/(?:[\w.-]+\/)*)`/g;
/** Examples of names. */
const NO_FILES = new Set(['x.ts', 'x.test.ts']);

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The names in a text that no file or folder has, with as much of the path as is given. */
function missing(text: string): string[] {
  return [...text.matchAll(NAMED)]
    .map(([, name = '']) => name)
    .filter((name) => !NO_FILES.has(name))
    .filter((name) => {
      const path = name.replace(/\/$/, '');
      const places = name.endsWith('/') ? [...FOLDERS] : FILES;
      return !places.some((place) => place === path || place.endsWith(`/${path}`));
    });
}

/** Folders and files that are made, and those of users. */
const MADE = new Set(['gen/', 'gen/kernel-constants.ts', 'node_modules/', 'data/']);

test.each(FILES.filter((file) => file.endsWith('.md')))('%s names files and folders that are there', (file) => {
  expect(missing(read(file)).filter((name) => !MADE.has(name))).toEqual([]);
});

test.each(FILES.filter((file) => file.endsWith('.md')))('the links in %s lead somewhere', (file) => {
  const links = [...read(file).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  const lost = links.filter((link) => {
    const path = join(file, '..', link).replace(/\/$/, '');
    return !FILES.includes(path) && !FOLDERS.has(path);
  });
  expect(lost).toEqual([]);
});

test('comments name files that are there', () => {
  const sources = FILES.filter((file) => /\.(ts|tsx|mjs|proto)$/.test(file));
  const lost = sources.flatMap((file) => {
    const comments = read(file).match(/\/\*\*[\s\S]*?\*\/|\/\/.*$/gm) ?? [];
    return missing(comments.join('\n'))
      .filter((name) => !name.endsWith('/') && !MADE.has(name))
      .map((name) => `${file}: ${name}`);
  });
  expect(lost).toEqual([]);
});

test('a name that no file has is found', () => {
  expect(
    missing('see `errors.ts`, `server/src/errors.ts`, `gone.ts` and `src/gone/errors.ts`, in `server/gone/`'),
  ).toEqual(['gone.ts', 'src/gone/errors.ts', 'server/gone/']);
});
