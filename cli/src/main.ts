/** The command line: `tallystream sum`. */
import { readFileSync } from 'node:fs';
import { Output, OutputClosed } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { HELP, readSettings } from './settings.ts';
import { runSum } from './sum.ts';

const EXIT = { failure: 1, usage: 2 };
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
/** After a signal that should have ended this process, and did not. */
const LAST_RESORT_MS = 1_000;

const stop = new AbortController();
// More than once: a terminal tells every process of a command, and each of them may tell the others.
for (const signal of SIGNALS) process.on(signal, () => stop.abort(signal));
// The process that started this was killed.
process.on('disconnect', () => stop.abort('SIGTERM'));
// A message that nobody can read is no reason to fail.
process.stderr.on('error', () => {});

async function main(): Promise<number> {
  const settings = readSettings(process.argv.slice(2), process.stdout.isTTY, process.env);
  if (settings === 'help') return print(HELP);
  if (settings === 'version') return print(`tallystream ${version()}\n`);
  if (settings !== undefined) return await runSum(settings, stop.signal);
  process.stderr.write(HELP);
  return EXIT.usage;
}

function print(text: string): number {
  using output = new Output('-');
  output.write(Buffer.from(text));
  return 0;
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}

async function fail(error: unknown): Promise<number> {
  // The reader of the totals has had enough, such as `head`.
  if (stop.signal.aborted || error instanceof OutputClosed) return 0;
  const { explain, isKnown } = await import('./explain.ts');
  if (!isKnown(error)) throw error;
  const { message, isUsage } = explain(error);
  process.stderr.write(`tallystream: ${printable(message)}\n`);
  return isUsage ? EXIT.usage : EXIT.failure;
}

async function run(): Promise<never> {
  const code = await main().catch(fail);
  if (stop.signal.aborted) {
    // Everything is cleared away: ended by the signal after all, so that the waiting process sees by which.
    for (const signal of SIGNALS) process.removeAllListeners(signal);
    process.kill(process.pid, stop.signal.reason);
    await new Promise((resolve) => setTimeout(resolve, LAST_RESORT_MS));
  }
  // Not left to the end of all work: a standard input that nobody closes would keep the process.
  process.exit(code);
}

// Not awaited here: modules that are loaded later may import from the file that this one is bundled into.
void run();
