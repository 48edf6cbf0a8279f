/** The allowed imports between folders: docs/architecture.md has the same table with a sentence for each folder. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Each folder imports from those above it in this list only. */
const LAYERS = [
  'kernel',
  'kernel/file-kind',
  'kernel/detect',
  'kernel/doubts',
  'kernel/wasm',
  'kernel/parts',
  'kernel/analysis',
  'kernel/testing',
  'server/src',
  'server/src/bytes',
  'server/src/queue',
  'server/src/metrics',
  'server/src/listener',
  'server/src/access',
  'server/src/http',
  'server/src/process-csv',
  'server/src/rpc',
  'server/src/unpack',
  'server/src/object-storage',
  'server/src/source',
  'server/src/result-formats',
  'server/src/processor-client',
  'server/src/processor/threads',
  'server/src/processor',
  'server/src/gateway',
  'server/src/gateway/store',
  'server/src/gateway/spool',
  'server/src/gateway/analysis',
  'server/src/gateway/jobs',
  'server/src/gateway/download',
  'server/src/gateway/upload',
  'server/src/gateway/rpc',
  'server/src/roles',
];

/** Folders that a folder, with those in it, may not import although they are above it: they run in other processes. */
const APART: Record<string, readonly string[]> = {
  'server/src/gateway': ['server/src/processor', 'server/src/listener'],
  'server/src/processor-client': [
    'server/src/processor',
    'server/src/gateway',
    'server/src/listener',
    'server/src/http',
  ],
  'server/src/process-csv': ['server/src/listener', 'server/src/http', 'server/src/access'],
  'server/src/result-formats': ['server/src/listener', 'server/src/http', 'server/src/access', 'server/src/rpc'],
};

/** The allowed imports of the folders beside the server, besides themselves and `gen/`. */
const BESIDE: Record<string, readonly string[]> = {
  'kernel/assembly': [],
  terminal: [],
  generator: ['kernel', 'terminal'],
  cli: [
    'kernel',
    'terminal',
    'server/src',
    'server/src/bytes',
    'server/src/object-storage',
    'server/src/process-csv',
    'server/src/processor-client',
    'server/src/result-formats',
    'server/src/source',
    'server/src/unpack',
  ],
  'client/src': [],
};

/** A process begins here, and puts the layers below together. */
const ENTRIES = ['server/src/main.ts'];
const TESTS = /\.test\.tsx?$|\/test\//;
const IMPORT = /(?:from|import\(|import|new URL\()\s*'(\.{1,2}\/[^']+\.tsx?)'/g;

interface Import {
  file: string;
  from: string;
  to: string;
}

function importsOf(files: readonly string[]): Import[] {
  return files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map(([, path = '']) => {
      const from = dirname(file);
      return { file, from, to: dirname(normalize(join(from, path))) };
    }),
  );
}

const isIn = (folder: string, group: string) => folder === group || folder.startsWith(`${group}/`);

/** The entry of a table for a folder: that of the group that it is in. */
function entryFor(folder: string, table: Record<string, readonly string[]>): [string, readonly string[]] | undefined {
  return Object.entries(table).find(([group]) => isIn(folder, group));
}

/** The sentence about an import that is not allowed; undefined if it is. */
function objection({ file, from, to }: Import): string | undefined {
  if (from === to || isIn(to, 'gen') || ENTRIES.includes(file)) return undefined;
  const refusal = `${from} must not import ${to}: ${file}`;
  if (isIn(to, 'kernel/testing') && !isIn(from, 'kernel/testing')) return `${refusal} (only tests do)`;
  const beside = entryFor(from, BESIDE);
  if (beside) {
    const [own, allowed] = beside;
    const mayImport = isIn(to, own) || allowed.some((group) => to === group || (group === 'kernel' && isIn(to, group)));
    return mayImport ? undefined : refusal;
  }
  const [, apart = []] = entryFor(from, APART) ?? [];
  if (apart.some((group) => isIn(to, group))) return `${refusal} (they are apart)`;
  const [own, other] = [LAYERS.indexOf(from), LAYERS.indexOf(to)];
  if (own < 0) return `${from} has no place in the layers: ${file}`;
  return other >= 0 && other < own ? undefined : refusal;
}

const FILES = execFileSync('git', ['ls-files', '*.ts', '*.tsx'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter(
    (file) => /^(kernel|server\/src|cli\/src|generator\/src|terminal|client\/src)\//.test(file) && !TESTS.test(file),
  );

test('every folder imports from its own and from lower layers only', () => {
  const imports = importsOf(FILES);
  expect(imports.length).toBeGreaterThan(500);
  expect(imports.map(objection).filter((sentence) => sentence !== undefined)).toEqual([]);
});

test.each([
  ['server/src/gateway/jobs/jobs.ts', 'server/src/processor/threads', 'they are apart'],
  ['server/src/http/routes.ts', 'server/src/gateway/jobs', 'must not import'],
  ['kernel/wasm/names.ts', 'kernel/testing', 'only tests do'],
  ['kernel/kernel.ts', 'server/src', 'must not import'],
  ['client/src/jobs/jobs.ts', 'server/src', 'must not import'],
  ['cli/src/sum.ts', 'server/src/gateway/store', 'must not import'],
  ['server/src/new-folder/file.ts', 'kernel', 'no place'],
])('%s may not import %s', (file, to, sentence) => {
  expect(objection({ file, from: dirname(file), to })).toContain(sentence);
});
