import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OWN = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
/** The command starts at half the time with what it left of its last start. */
const COMPILE_CACHE = new URL('../scripts/compile-cache.mjs', import.meta.url).href;
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'];

/** Runs a command on the Node.js that the project brings, and ends this process as that ends. */
export function runOnOwnNode(command, args) {
  const child = spawn(existsSync(OWN) ? OWN : process.execPath, ['--import', COMPILE_CACHE, command, ...args], {
    // The channel closes when this process is killed, and the command ends with it.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of SIGNALS) {
    // A terminal tells both, anybody else only this one; the command ends by itself, and its end is that of this one.
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    process.stderr.write(`tallystream: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    // Ended by a signal, as the command was: a shell that runs a list of commands stops then.
    for (const each of SIGNALS) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
  return new Promise(() => {});
}
