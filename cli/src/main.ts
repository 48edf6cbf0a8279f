/** The command line: `tallystream sum`. */
import { ConnectError } from '@connectrpc/connect';
import { OutputClosed, OutputError } from '../../generator/src/output.ts';
import { TallyError } from '../../server/src/errors.ts';
import { InputError } from './input.ts';
import { HELP, readSettings, UsageError } from './settings.ts';
import { runSum } from './sum.ts';

const EXIT = { failure: 1, usage: 2, interrupted: 130, terminated: 143 };

const stop = new AbortController();
process.once('SIGINT', () => stop.abort(EXIT.interrupted));
process.once('SIGTERM', () => stop.abort(EXIT.terminated));
process.once('SIGHUP', () => stop.abort(EXIT.terminated));

async function main(): Promise<number> {
  const settings = readSettings(process.argv.slice(2), process.stdout.isTTY);
  if (settings === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  return await runSum(settings, stop.signal);
}

function explain(error: unknown): number {
  if (stop.signal.aborted) return stop.signal.reason;
  // Who reads the totals has had enough, such as `head`.
  if (error instanceof OutputClosed) return 0;
  const isKnown = [UsageError, InputError, OutputError, TallyError, ConnectError].some(
    (known) => error instanceof known,
  );
  if (!isKnown) throw error;
  const message = error instanceof ConnectError ? error.rawMessage : (error as Error).message;
  process.stderr.write(`tallystream: ${message}\n`);
  return error instanceof UsageError ? EXIT.usage : EXIT.failure;
}

// Not left to the end of all work: a standard input that nobody closes would keep the process.
process.exit(await main().catch(explain));
