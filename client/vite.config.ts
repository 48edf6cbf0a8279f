import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

/** Where `vite` finds the server while developing. */
const server = process.env.TALLYSTREAM_URL ?? 'http://127.0.0.1:8080';

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
