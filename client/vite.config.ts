import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

/** Where `vite` finds the server while developing. */
const server = process.env.TALLYSTREAM_URL ?? 'http://127.0.0.1:8080';

interface Modules {
  getModuleInfo(id: string): { isEntry: boolean; importers: readonly string[] } | null;
}

/** Whether a module comes with the first load: it is an entry, or a module of the first load imports it. */
function isOfFirstLoad(id: string, modules: Modules): boolean {
  const seen = new Set([id]);
  for (const module of seen) {
    const info = modules.getModuleInfo(module);
    if (info?.isEntry) return true;
    for (const importer of info?.importers ?? []) seen.add(importer);
  }
  return false;
}

/**
 * All modules of the first load share a chunk: apart, in one for each set of later parts that need them too, they would be
 * two kilobytes more on their way.
 */
function chunkOf(id: string, modules: Modules): string | null {
  return isOfFirstLoad(id, modules) ? 'page' : null;
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [solid()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // light-dark() and nesting are used as they are: every browser has had them since the middle of 2024.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // The page is served with `script-src 'self'`: nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: chunkOf, debugName: 'page' }] } } },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '^/(tallystream\\.v1\\.|uploads|upload|jobs|session)': { target: server, changeOrigin: false },
    },
  },
  preview: {
    host: '127.0.0.1',
  },
});
