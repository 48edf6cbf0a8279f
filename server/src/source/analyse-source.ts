import { setImmediate as immediate } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { type Progress, type RejectBatch, RejectBatchSchema, type Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { type AnalysisOptions, CsvAnalysis, SAMPLE_BYTES } from '../../../kernel/analysis/analysis.ts';
import { noRowCounts } from '../../../kernel/analysis/no-row-counts.ts';
import type { AnalysisSnapshot } from '../../../kernel/analysis/snapshot.ts';
import { KernelError, type KernelReject } from '../../../kernel/kernel.ts';
import { sourceChanged } from '../../../kernel/parts/part.ts';
import type { PartChain } from '../../../kernel/parts/part-chain.ts';
import { type PartReader, readParts } from '../../../kernel/parts/read-parts.ts';
import { TallyError } from '../errors.ts';
import { toProgress, toReject, toSummary } from '../process-csv/kernel-messages.ts';
import { PacedCourse } from '../process-csv/paced-course.ts';
import { encodeTotals } from '../process-csv/totals-batch.ts';
import { ByteMarks } from '../unpack/byte-marks.ts';
import { fileChunks, headOfFile } from './file-chunks.ts';
import { stateOf, withIdentity } from './identified-state.ts';
import { PartThreads } from './part-threads.ts';
import { errorOf, namesOf, openAll } from './several-files.ts';
import { changeOf, type SourceFile } from './source-file.ts';

/** The answers about a source, in the order of `ProcessCsvResponse`: progress, rejects and checkpoints, then totals, then the summary. */
export type SourceResponse =
  | { case: 'progress'; value: Progress }
  | { case: 'rejects'; value: RejectBatch }
  | { case: 'checkpoint'; value: SourceCheckpoint }
  /** A TotalsBatch of processor.proto. */
  | { case: 'totals'; value: Uint8Array<ArrayBuffer> }
  | { case: 'summary'; value: Summary };

/** The state of an analysis that has read so many bytes of its file. */
export interface SourceCheckpoint {
  bytes: number;
  state: Uint8Array;
}

export interface SourceSettings {
  options: AnalysisOptions;
  topCount: number;
  threads: number;
  signal: AbortSignal;
  /** A state to go on from, of the same single file as it was then. */
  resume?: Uint8Array | undefined;
  /** Whether nobody changes the file: its states are those of a stream of its bytes, and say nothing of the file. */
  isUnchanging?: boolean;
  /** Milliseconds between two checkpoints, at least; 0 for none. A source of several files has none. */
  checkpointMs?: number;
  /** The most that a compressed file may unpack to. */
  maxBytes?: number;
  /** Whether a file may become longer while it is read: the totals are of its beginning then. */
  mayGrow?: boolean;
}

/**
 * A part takes one thread's share of the bytes that are left, and so large it is at most: large parts come first and small
 * ones last, so that all threads end at about the same time, however fast each of them is (guided self-scheduling,
 * Polychronopoulos and Kuck 1987), and to read one again costs little.
 */
const MAX_PART_BYTES = 256 * 1024 * 1024;
/** And so large at least: each costs a guess of its beginning and a merge of its departments. */
const MIN_PART_BYTES = 16 * 1024 * 1024;
/**
 * Where this share of the rows of the head have departments of their own, each part will have most departments of the file,
 * and costs as much to merge as to read: then there are as few parts as threads, of this size at most.
 */
const MANY_DEPARTMENTS_SHARE = 0.5;
const MAX_PART_OF_MANY_BYTES = 1024 * 1024 * 1024;
/** Less is read before threads would have started. */
const THREADS_FROM_BYTES = 16 * 1024 * 1024;
const TOTALS_BATCH = 5_000;
const REJECTS_BATCH = 1_000;
/** The time between two progress messages. */
const PROGRESS_MS = 100;

/**
 * Reads files with all the threads that may be used, as one data set, and gives the responses that a stream of their bytes
 * gives, to the byte.
 *
 * @param all files, at least one, in order
 * @throws KernelError; {@link TallyError}, also SOURCE_CHANGED; the error of the system; the reason of the signal
 */
export async function* analyseSource(
  all: readonly SourceFile[],
  settings: SourceSettings,
): AsyncGenerator<SourceResponse> {
  // A file without a byte says nothing, not even how it is written.
  const whole = all.filter(({ size }) => size > 0);
  const files = whole.length > 0 ? whole : all.slice(0, 1);
  const { options, topCount, signal, checkpointMs = 0, mayGrow = false, isUnchanging = false } = settings;
  const analysis = new CsvAnalysis(options, resumedBy(files, settings));
  const run: Run = { files, analysis, settings, marks: new ByteMarks(), chain: undefined };
  const names = all.length > 1 ? namesOf(files) : files.map(({ name }) => name);
  const course = new PacedCourse();
  let reportedAt = performance.now();
  let keptAt = reportedAt;
  let keptBytes = analysis.bytes;
  for await (const _ of read(run, names)) {
    yield* rejectsOf(analysis, names);
    const now = performance.now();
    if (
      checkpointMs > 0 &&
      files.length === 1 &&
      files[0]!.packing === 'none' &&
      now - keptAt >= checkpointMs &&
      analysis.bytes > keptBytes
    ) {
      keptBytes = analysis.bytes;
      const state = analysis.checkpoint();
      const value = { bytes: keptBytes, state: isUnchanging ? state : withIdentity(state, files[0]!) };
      yield { case: 'checkpoint', value };
      keptAt = performance.now();
    }
    if (now - reportedAt < PROGRESS_MS) continue;
    yield progressOf(run, { ...snapshotOf(analysis, topCount), course: course.read(analysis) });
    // Signals and timers have their turn; a file that is read at once gives them none.
    await immediate();
    signal.throwIfAborted();
    reportedAt = performance.now();
  }
  refuseChanged(files, mayGrow);
  analysis.finish();
  yield* rejectsOf(analysis, names);
  const last = snapshotOf(analysis, topCount);
  const snapshot = { ...last, doubts: [...noRowCounts(last, analysis.dialect, last.doubts), ...last.doubts] };
  yield progressOf(run, snapshot);
  for (const value of analysis.encodedTotals(TOTALS_BATCH, encodeTotals)) yield { case: 'totals', value };
  yield { case: 'summary', value: toSummary({ snapshot, rejects: [] }) };
}

/** @throws KernelError `CHECKPOINT_INVALID`, `SOURCE_CHANGED` */
function resumedBy(
  files: readonly SourceFile[],
  { resume, isUnchanging }: SourceSettings,
): { resume: Uint8Array } | undefined {
  if (!resume) return undefined;
  if (files.length > 1 || files[0]!.packing !== 'none') {
    throw new KernelError('CHECKPOINT_INVALID', 'only a single file that is not packed goes on from a checkpoint');
  }
  return { resume: isUnchanging ? resume : stateOf(resume, files[0]!) };
}

/** The reading of one source. */
interface Run {
  files: readonly SourceFile[];
  analysis: CsvAnalysis;
  settings: SourceSettings;
  /** Of a single file that is packed. */
  marks: ByteMarks;
  /** Once the files are read in parts. */
  chain: PartChain | undefined;
}

/** Reads everything. Yields whenever there may be news. */
async function* read(run: Run, names: readonly string[]): AsyncGenerator<void> {
  const { files, analysis, settings } = run;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const first = files[0]!;
  const isSmall = size < THREADS_FROM_BYTES;
  if (files.length === 1 && (first.packing !== 'none' || isSmall || settings.threads === 1)) return yield* readOn(run);
  // They start while the head is examined.
  await using workers = new PartThreads(isSmall ? 1 : settings.threads);
  if (files.length > 1) await openAll(files, names, analysis);
  else if (!analysis.isDecided)
    analysis.push((await headOfFile(first, SAMPLE_BYTES)).head.subarray(analysis.bytes, SAMPLE_BYTES));
  const inParts = files.map((file, index) => ({ ...file, name: names[index]!, isPacked: file.packing !== 'none' }));
  run.chain = analysis.inParts(inParts, partSizes(analysis, size, settings.threads));
  if (run.chain) yield* readInParts(run, names, run.chain, workers);
  // A single file that cannot be cut.
  else if (files.length === 1) yield* readOn(run);
  else throw new Error('it is not known how several files are read');
}

/** The size of a part by how many bytes are left. @param size of all files */
function partSizes(analysis: CsvAnalysis, size: number, threads: number): (left: number) => number {
  const { rows, departments } = analysis.snapshot(0);
  const isMany = departments > rows * MANY_DEPARTMENTS_SHARE;
  const [least, most] = isMany ? [Math.ceil(size / threads), MAX_PART_OF_MANY_BYTES] : [MIN_PART_BYTES, MAX_PART_BYTES];
  return (left) => Math.min(most, Math.max(least, left / threads));
}

/** Reads a single file with the kernel of the analysis, from where that is. */
async function* readOn({ files, analysis, settings, marks }: Run): AsyncGenerator<void> {
  const { maxBytes } = settings;
  for await (const chunk of fileChunks(files[0]!, {
    marks,
    from: analysis.bytes,
    ...(maxBytes !== undefined && { maxBytes }),
  })) {
    analysis.push(chunk);
    yield;
  }
}

/** Reads all files in parts. */
async function* readInParts(
  run: Run,
  names: readonly string[],
  chain: PartChain,
  workers: PartThreads,
): AsyncGenerator<void> {
  const { files, settings } = run;
  const { signal, maxBytes = Number.MAX_SAFE_INTEGER } = settings;
  let merged = Promise.withResolvers<void>();
  const wake = () => {
    merged.resolve();
    merged = Promise.withResolvers();
  };
  const readers = workers.readers(files, maxBytes);
  const named = readers.map(
    (read): PartReader =>
      async (plan, range, ...rest) => {
        return await read(plan, range, ...rest).catch((error: unknown) => {
          throw errorOf(error, names[range.text]!);
        });
      },
  );
  const all = readParts({ chain, readers: files.length > 1 ? named : readers, onMerged: wake });
  let isOver = false;
  const end = () => {
    isOver = true;
    wake();
  };
  all.then(end, end);
  signal.addEventListener('abort', wake, { once: true });
  while (!isOver) {
    await merged.promise;
    signal.throwIfAborted();
    yield;
  }
  await all;
}

/** @throws KernelError `SOURCE_CHANGED` */
function refuseChanged(files: readonly SourceFile[], mayGrow: boolean): void {
  for (const file of files) {
    const change = changeOf(file);
    if (change === 'changed' || (change === 'grown' && !mayGrow)) throw sourceChanged(file.name);
  }
}

function* rejectsOf(analysis: CsvAnalysis, names: readonly string[]): Generator<SourceResponse> {
  const rejects = analysis.takeRejects();
  for (let at = 0; at < rejects.length; at += REJECTS_BATCH) {
    const batch = rejects.slice(at, at + REJECTS_BATCH).map((reject) => toReject(reject, fileOf(reject, names)));
    yield { case: 'rejects', value: create(RejectBatchSchema, { rejects: batch }) };
  }
}

/** Empty where there is one file only. */
function fileOf({ text = 0 }: KernelReject, names: readonly string[]): string {
  return names.length > 1 ? names[text]! : '';
}

function progressOf({ files, chain, marks }: Run, snapshot: AnalysisSnapshot): SourceResponse {
  const sizes = files.map(({ size }) => size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const value = toProgress(snapshot);
  value.sourceBytes = BigInt(total);
  value.sourceBytesRead = BigInt(chain ? bytesRead(files, chain) : Math.min(total, marks.at(snapshot.bytes)));
  return { case: 'progress', value };
}

/** How many bytes of the files lie before where a chain is. A packed file counts when all of it is read. */
function bytesRead(files: readonly SourceFile[], { isDone, reachedText, reached }: PartChain): number {
  const before = files.slice(0, isDone ? files.length : reachedText).reduce((sum, { size }) => sum + size, 0);
  if (isDone || files[reachedText]?.packing !== 'none') return before;
  return before + Math.min(reached.at, files[reachedText]!.size);
}

function snapshotOf(analysis: CsvAnalysis, topCount: number): AnalysisSnapshot {
  const snapshot = analysis.snapshot(topCount);
  return { ...snapshot, bytes: analysis.bytes, dialect: analysis.dialect, doubts: analysis.doubts(snapshot) };
}
