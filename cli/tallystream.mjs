#!/usr/bin/env node
/**
 * `npx tallystream sum sales.csv`: makes the checkout ready where it is not, and runs the command, which is built into
 * `cli/dist/`, in this process. Itself it runs on any Node.js ≥ 20.
 */
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { isUnchanged } from '../scripts/stamp.mjs';

const COMMAND = new URL('dist/main.js', import.meta.url);
const COMPILE_CACHE = new URL('../node_modules/.cache/tallystream/compile', import.meta.url);

const args = process.argv.slice(2);
if (args.join() === '--version') {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`tallystream ${version}\n`);
} else {
  if (!isUnchanged()) await (await import('./make-ready.mjs')).makeReady();
  if (canRunHere()) {
    // Node.js 20 has none.
    nodeModule.enableCompileCache?.(fileURLToPath(COMPILE_CACHE));
    await import(COMMAND.href);
  } else await (await import('./own-node.mjs')).runOnOwnNode(fileURLToPath(COMMAND), args);
}

/** Whether this Node.js has all that `cli/dist/main.js` imports: CRC-32 came with 20.15 and 22.2. */
function canRunHere() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 2) || (major === 20 && minor >= 15);
}
