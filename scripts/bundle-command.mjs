/**
 * Writes `cli/dist/`: the command line and what it imports as JavaScript, so that any Node.js ≥ 20 starts it at once. What
 * sums of files need is in `main.js`; the way to a processor is loaded when it is wanted.
 */
import { renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TARGET = join(ROOT, 'cli', 'dist');
const MADE = `${TARGET}.new`;
const COMMAND = join(ROOT, 'cli/src/main.ts');
/** Modules that run as threads: files of their own by these names. */
const THREADS = { 'part-worker': join(ROOT, 'server/src/source/part-worker.ts') };
/** Node.js 20 has all that is used but for this. */
const BANNER = `Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new this((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
};`;

/** Keeps `new URL('…', import.meta.url)` right, by which modules name files. */
const fileAddresses = {
  name: 'file-addresses',
  transform(code, id) {
    return code.replaceAll(/new URL\(\s*['"](\.[^'"]*)['"],\s*import\.meta\.url\s*\)/g, (_, address) => {
      const path = join(dirname(id), address);
      const thread = Object.keys(THREADS).find((name) => THREADS[name] === path);
      return `new URL(${JSON.stringify(thread ? `./${thread}.js` : relative(TARGET, path))}, import.meta.url)`;
    });
  },
};

/** Builds a module, and what it loads later as files beside it. */
async function bundle(name, path) {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    plugins: [fileAddresses],
    // The packages are in it, too: finding each takes longer than to read all at once.
    ssr: { noExternal: true },
    build: {
      ssr: true,
      // Whatever is younger, such as `using`, is put in other words.
      target: 'node20',
      outDir: MADE,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: { [name]: path },
        // Only object storages need it.
        external: /^@aws-sdk\//,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', banner: BANNER },
      },
    },
  });
}

rmSync(MADE, { recursive: true, force: true });
// Each alone: what two of them share would be another file to be found.
for (const [name, path] of Object.entries({ main: COMMAND, ...THREADS })) await bundle(name, path);
rmSync(TARGET, { recursive: true, force: true });
renameSync(MADE, TARGET);
