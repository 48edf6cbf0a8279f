/**
 * Preloaded by `npm start` (`node --import`): executes the process once more, under the same id, with `MALLOC_SETTINGS` in
 * its environment, as glibc reads them before anything of Node.js runs. Settings of the user's own stay as they are.
 */
import { isMainThread } from 'node:worker_threads';
import { MALLOC_SETTINGS } from './malloc-settings.ts';

const isSet = Object.keys(MALLOC_SETTINGS).every((name) => name in process.env);
// A child with a channel to its parent would lose it, and has got the settings from the parent.
if (process.platform === 'linux' && process.execve && isMainThread && !process.send && !isSet) {
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    ...MALLOC_SETTINGS,
    ...process.env,
  });
}
