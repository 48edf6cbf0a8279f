import { fstatSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { type Dialect, ProcessCsvOptionsSchema, type Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { isNoRowCounts } from '../../kernel/analysis/no-row-counts.ts';
import { KernelError } from '../../kernel/kernel.ts';
import { toConnectError } from '../../server/src/connect-errors.ts';
import { TallyError, toTallyError } from '../../server/src/errors.ts';
import { toAnalysisOptions, topCount } from '../../server/src/process-csv/kernel-messages.ts';
import { decodeTotals } from '../../server/src/process-csv/totals-batch.ts';
import type { ProcessStream, StreamResponse } from '../../server/src/processor-client/process-stream.ts';
import { analyseFile, type FileResponse, type FileToRead } from '../../server/src/source/analyse-file.ts';
import { grown, type Input, openInput, shrunk } from './input.ts';
import { findProcessor } from './one-processor.ts';
import { RejectsFile } from './rejects-file.ts';
import type { Settings } from './settings.ts';
import { createStatus } from './status.ts';
import { createTotalsWriter } from './totals-writer.ts';

const EXIT_REJECTED = 3;
/** The limit of a processor that nobody has given another one. */
const DEFAULT_MAX_DEPARTMENTS = 1_000_000;

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
      : await sumStream(settings, targets, signal);
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

/** Reads a file with the threads of this process. */
async function sumFile(file: FileToRead, settings: Settings, targets: Targets, signal: AbortSignal): Promise<Summary> {
  const { csv } = settings;
  const options = toAnalysisOptions(csv, csv.maxDepartments || DEFAULT_MAX_DEPARTMENTS);
  try {
    const responses = analyseFile(file, { options, topCount: topCount(csv), threads: availableParallelism(), signal });
    const summary = await receive(responses, settings, targets);
    if (fstatSync(file.descriptor).size > file.size) targets.status.warn(grown(targets.input.name, file.size));
    return summary;
  } catch (error) {
    if (error instanceof KernelError && error.code === 'SOURCE_CHANGED') throw shrunk(targets.input.name);
    // As a processor tells it.
    throw error instanceof KernelError ? toConnectError(toTallyError(error)) : error;
  }
}

/** Streams the input to a processor. */
async function sumStream(settings: Settings, targets: Targets, signal: AbortSignal): Promise<Summary> {
  await using processor = await findProcessor(settings.processor, settings.csv.maxDepartments);
  const ended = new AbortController();
  let receiving: Promise<Summary> | undefined;
  try {
    const stream = await processor.open(AbortSignal.any([signal, ended.signal]));
    const sending = send(stream, settings, targets.input);
    receiving = receive(stream.responses, settings, targets);
    return await Promise.race([
      receiving,
      // An input that cannot be read ends the call.
      sending.then(() => new Promise<never>(() => {})),
      aborted(signal),
    ]);
  } finally {
    ended.abort();
    // It writes into files that are closed next.
    await Promise.allSettled([receiving]);
  }
}

async function send(stream: ProcessStream, { csv }: Settings, { chunks }: Input): Promise<void> {
  await stream.send({ message: { case: 'options', value: create(ProcessCsvOptionsSchema, { csv }) } });
  for await (const chunk of chunks) {
    if (stream.isClosed) return;
    await stream.sendChunk(chunk);
  }
  stream.end();
}

interface Targets {
  input: Input;
  status: ReturnType<typeof createStatus>;
  rejects: RejectsFile | undefined;
}

async function receive(
  responses: AsyncIterable<StreamResponse | FileResponse>,
  settings: Settings,
  { input, status, rejects }: Targets,
): Promise<Summary> {
  using writer = createTotalsWriter(settings);
  let dialect: Dialect | undefined;
  const take = (message: StreamResponse | FileResponse): Summary | undefined => {
    if (message.case === 'progress') {
      dialect = message.value.dialect;
      status.progress(message.value, input);
    } else if (message.case === 'rejects') rejects?.add(message.value.rejects);
    else if (message.case === 'totals') {
      status.clear();
      writer.add(decodeTotals(message.value), dialect);
    } else if (message.case === 'summary') return message.value;
    return undefined;
  };
  let summary: Summary | undefined;
  for await (const response of responses) summary = take(response) ?? summary;
  if (!summary) throw new ConnectError('the processor ended without a result', Code.Internal);
  status.clear();
  const none = summary.doubts.find(isNoRowCounts);
  rejects?.end();
  if (none) throw new TallyError('NO_ROW_COUNTS', none.message);
  writer.end(summary);
  return summary;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
