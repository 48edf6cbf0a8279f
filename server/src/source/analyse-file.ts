import { setImmediate as immediate } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { type Progress, type RejectBatch, RejectBatchSchema, type Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { type AnalysisOptions, CsvAnalysis, SAMPLE_BYTES } from '../../../kernel/analysis/analysis.ts';
import { noRowCounts } from '../../../kernel/analysis/no-row-counts.ts';
import type { AnalysisSnapshot } from '../../../kernel/analysis/snapshot.ts';
import { sourceChanged } from '../../../kernel/parts/part.ts';
import type { PartChain } from '../../../kernel/parts/part-chain.ts';
import { readParts } from '../../../kernel/parts/read-parts.ts';
import { toProgress, toReject, toSummary } from '../process-csv/kernel-messages.ts';
import { encodeTotals } from '../process-csv/totals-batch.ts';
import { FileText } from './file-text.ts';
import { PartThreads } from './part-threads.ts';

/** What comes of a file, in the order of `ProcessCsvResponse`: progress and rejects, then totals, then the summary. */
export type FileResponse =
  | { case: 'progress'; value: Progress }
  | { case: 'rejects'; value: RejectBatch }
  /** A TotalsBatch of processor.proto. */
  | { case: 'totals'; value: Uint8Array }
  | { case: 'summary'; value: Summary };

export interface FileToRead {
  descriptor: number;
  /** Bytes that are read: the size of the file when it was opened. */
  size: number;
}

export interface FileSettings {
  options: AnalysisOptions;
  topCount: number;
  threads: number;
  signal: AbortSignal;
}

/** A part is so large at most: a slow thread does not set the pace then, and to read one again costs little. */
const PART_BYTES = 256 * 1024 * 1024;
/** Parts for each thread, at least, so that all threads end at about the same time. */
const PARTS_PER_THREAD = 3;
/** Smaller files are read before threads would have started. */
const THREADS_FROM_BYTES = 16 * 1024 * 1024;
/** Bytes read at once where there are no threads. */
const PIECE_BYTES = 512 * 1024;
const TOTALS_BATCH = 5_000;
const REJECTS_BATCH = 1_000;
/** The time between two progress messages. */
const PROGRESS_MS = 100;

/**
 * Reads a file with all the threads that may be used, and gives the responses that a stream of its bytes gives, to the byte.
 *
 * @throws KernelError; the error of the system; the reason of the signal
 */
export async function* analyseFile(
  file: FileToRead,
  { options, topCount, threads, signal }: FileSettings,
): AsyncGenerator<FileResponse> {
  const text = new FileText(file.descriptor, file.size);
  const analysis = new CsvAnalysis(options);
  const head = readHead(analysis, text);
  const isCut = analysis.isDecided && threads > 1 && file.size >= THREADS_FROM_BYTES;
  const partBytes = Math.min(PART_BYTES, Math.ceil(file.size / (threads * PARTS_PER_THREAD)));
  const chain = isCut ? analysis.inParts(file.size, partBytes) : undefined;
  const steps = chain ? readInParts(chain, file, threads, signal) : readOn(analysis, text, head);
  let reportedAt = performance.now();
  for await (const _ of steps) {
    yield* rejectsOf(analysis);
    if (performance.now() - reportedAt < PROGRESS_MS) continue;
    yield { case: 'progress', value: toProgress(snapshotOf(analysis, topCount)) };
    // Signals and timers have their turn; a file that is read at once gives them none.
    await immediate();
    signal.throwIfAborted();
    reportedAt = performance.now();
  }
  analysis.finish();
  yield* rejectsOf(analysis);
  const last = snapshotOf(analysis, topCount);
  const snapshot = { ...last, doubts: [...noRowCounts(last, analysis.dialect, last.doubts), ...last.doubts] };
  yield { case: 'progress', value: toProgress(snapshot) };
  for (const totals of analysis.totals(TOTALS_BATCH)) yield { case: 'totals', value: encodeTotals(totals) };
  yield { case: 'summary', value: toSummary({ snapshot, rejects: [] }) };
}

/** Reads until it is known how the file is written, or to its end. @returns the first byte that was not read */
function readHead(analysis: CsvAnalysis, text: FileText): number {
  const piece = new Uint8Array(Math.min(SAMPLE_BYTES, text.size));
  let at = 0;
  while (at < text.size && !analysis.isDecided) {
    const length = readPiece(text, at, piece);
    analysis.push(piece.subarray(0, length));
    at += length;
  }
  return at;
}

/** Reads the rest with the kernel of the analysis. */
async function* readOn(analysis: CsvAnalysis, text: FileText, from: number): AsyncGenerator<void> {
  const piece = new Uint8Array(Math.min(PIECE_BYTES, Math.max(0, text.size - from)));
  for (let at = from; at < text.size; ) {
    const length = readPiece(text, at, piece);
    analysis.push(piece.subarray(0, length));
    at += length;
    yield;
  }
}

/** @throws KernelError `SOURCE_CHANGED` */
function readPiece(text: FileText, at: number, piece: Uint8Array): number {
  const length = text.read(at, piece.subarray(0, Math.min(piece.length, text.size - at)));
  if (length === 0) throw sourceChanged();
  return length;
}

/** Reads all of the file in parts. Yields whenever something was merged. */
async function* readInParts(
  chain: PartChain,
  file: FileToRead,
  threads: number,
  signal: AbortSignal,
): AsyncGenerator<void> {
  await using workers = new PartThreads(threads, file);
  let merged = Promise.withResolvers<void>();
  const wake = () => {
    merged.resolve();
    merged = Promise.withResolvers();
  };
  const all = readParts({ chain, readers: workers.readers, onMerged: wake });
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

function* rejectsOf(analysis: CsvAnalysis): Generator<FileResponse> {
  const rejects = analysis.takeRejects();
  for (let at = 0; at < rejects.length; at += REJECTS_BATCH) {
    const batch = rejects.slice(at, at + REJECTS_BATCH).map(toReject);
    yield { case: 'rejects', value: create(RejectBatchSchema, { rejects: batch }) };
  }
}

function snapshotOf(analysis: CsvAnalysis, topCount: number): AnalysisSnapshot {
  const snapshot = analysis.snapshot(topCount);
  return { ...snapshot, bytes: analysis.bytes, dialect: analysis.dialect, doubts: analysis.doubts(snapshot) };
}
