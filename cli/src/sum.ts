import { isNoRowCounts } from '../../kernel/analysis/no-row-counts.ts';
import { toTallyError } from '../../server/src/errors.ts';
import { aborted } from './aborted.ts';
import { openInput } from './input.ts';
import { RejectsFile } from './rejects-file.ts';
import type { Settings } from './settings.ts';
import { createStatus } from './status.ts';
import { sumFile } from './sum-file.ts';

const EXIT_REJECTED = 3;

/**
 * Reads a CSV and writes the totals: a plain file here, with all cores; anything else as a stream to a processor.
 *
 * @returns the exit code
 * @throws InputError, OutputError, OutputClosed, UsageError, ConnectError; the signal's reason
 */
export async function runSum(settings: Settings, signal: AbortSignal): Promise<number> {
  const status = createStatus(settings.isQuiet);
  // A pipe without a writer opens when one comes, which may be never.
  await using input = await Promise.race([openInput(settings.input, status.warn), aborted(signal)]);
  using rejects = settings.rejects === undefined ? undefined : new RejectsFile(settings.rejects, input.identity);
  const targets = { input, status, rejects };
  const { plainFile } = input;
  try {
    const isLocal = plainFile !== undefined && settings.processor === undefined;
    const summary = isLocal
      ? await sumFile(plainFile, settings, targets, signal)
      : // What a stream needs takes longer to load than a small file to be read.
        await (await import('./sum-stream.ts')).sumStream(settings, targets, signal);
    status.end(summary, input);
    return settings.isStrict && summary.rowsRejected > 0n ? EXIT_REJECTED : 0;
  } catch (error) {
    // The doubts of the last progress say why no row counts.
    if (isNoRowCounts(toTallyError(error))) status.failed();
    throw error;
  } finally {
    status.clear();
  }
}
