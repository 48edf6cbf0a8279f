import { fileURLToPath } from 'node:url';
import { isNoRowCounts } from '../../kernel/analysis/no-row-counts.ts';
import { toTallyError } from '../../server/src/errors.ts';
import { runOnOwnNode } from '../own-node.mjs';
import { aborted } from './aborted.ts';
import { filesToSum } from './files-to-sum.ts';
import { filesInput, openInput } from './input.ts';
import { isOlderNode, needsNewerNode } from './older-node.ts';
import { RejectsFile } from './rejects-file.ts';
import type { Settings } from './settings.ts';
import { createStatus } from './status.ts';
import { sumFiles } from './sum-files.ts';

const EXIT_REJECTED = 3;

/**
 * Reads CSVs and writes the totals: files here, with all cores; anything else as a stream to a processor.
 *
 * @returns the exit code
 * @throws InputError, OutputError, OutputClosed, UsageError, ConnectError; the signal's reason
 */
export async function runSum(settings: Settings, signal: AbortSignal): Promise<number> {
  if (isOlderNode() && needsNewerNode(settings)) {
    return await runOnOwnNode(fileURLToPath(new URL('../dist/main.js', import.meta.url)), process.argv.slice(2));
  }
  const status = createStatus(settings.isQuiet);
  const files = settings.processor === undefined ? await filesToSum(settings.inputs, signal) : undefined;
  // A pipe without a writer opens when one comes, which may be never.
  await using stream = files
    ? undefined
    : await Promise.race([openInput(settings.inputs[0]!, status.warn), aborted(signal)]);
  const input = stream ?? filesInput(files ?? []);
  using rejects =
    settings.rejects === undefined
      ? undefined
      : new RejectsFile(settings.rejects, input.identities, files !== undefined && files.length > 1);
  const targets = { input, status, rejects };
  try {
    const summary = stream
      ? // What a stream needs takes longer to load than a small file to be read.
        await (await import('./sum-stream.ts')).sumStream(stream, settings, targets, signal)
      : await sumFiles(files!, settings, targets, signal);
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
