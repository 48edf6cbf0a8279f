/** The entry of a thread that analyses one source, with threads of its own that read parts, and then ends. */

import { realpath } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { create, toBinary } from '@bufbuild/protobuf';
import { ProcessCsvResponseSchema } from '#gen/tallystream/v1/processor_pb.ts';
import type { AnalysisOptions } from '../../../kernel/analysis/analysis.ts';
import { type ErrorCode, toTallyError } from '../errors.ts';
import { AllowedFolders, type FolderRules } from '../source/allowed-folders.ts';
import { analyseSource, type SourceCheckpoint, type SourceResponse } from '../source/analyse-source.ts';
import { findFiles } from '../source/find-files.ts';
import { CheckpointSeal } from './threads/checkpoint-seal.ts';

/** The work of the thread. */
export interface SourceTask {
  source: string;
  /** Which files it may read. */
  rules: FolderRules;
  options: AnalysisOptions;
  topCount: number;
  threads: number;
  /** For its `CheckpointSeal`; empty for none. */
  checkpointKey: string;
  /** A sealed checkpoint to go on from. */
  resume: Uint8Array | undefined;
  checkpointMs: number;
  /** The most that a compressed file may unpack to. */
  maxBytes: number;
  /** Whether other threads come first where the cores do not suffice for all. */
  hasLowPriority: boolean;
}

/** The news of the thread. It sends no more than {@link MAX_UNTAKEN} that nobody has taken. */
export type SourceMessage =
  /** A ProcessCsvResponse of processor.proto. `isLatest`: a later one of its kind may take its place. */
  | { kind: 'response'; bytes: Uint8Array; isLatest: boolean }
  /** A TotalsBatch of processor.proto. */
  | { kind: 'totals'; batch: Uint8Array }
  | { kind: 'ended' }
  | { kind: 'failed'; code: ErrorCode; message: string };

/** Messages that may be on their way at once. */
const MAX_UNTAKEN = 4;
/** Bytes of a checkpoint in one message: below gRPC's usual limit of 4 MB. */
const CHECKPOINT_PART_BYTES = 1024 * 1024;
/** A nice value: a thread with it gets a tenth of the time of one without, if both want a core. */
const LOW_PRIORITY = 10;

if (!parentPort) throw new Error('source-worker.ts runs in a worker thread only');
const port = parentPort;
const task = workerData as SourceTask;
// Linux knows priorities of threads (setpriority(2)); those that this one starts have its own.
if (task.hasLowPriority && process.platform === 'linux') setPriority(LOW_PRIORITY);
const seal = new CheckpointSeal(task.checkpointKey);
let untaken = 0;
let wake: (() => void) | undefined;
port.on('message', () => {
  untaken--;
  wake?.();
});

async function send(message: SourceMessage): Promise<void> {
  untaken++;
  port.postMessage(message);
  while (untaken >= MAX_UNTAKEN) await new Promise<void>((resolve) => (wake = resolve));
}

async function run(): Promise<void> {
  // The thread ends with the call.
  const { signal } = new AbortController();
  const files = await findFiles(task.source, new AllowedFolders(task.rules), signal);
  const resume = task.resume && seal.open(task.resume);
  // A file of the gateway does not change; a stream may have begun it.
  const isOwn = task.rules.own !== '' && files[0]!.path.startsWith(`${await realpath(task.rules.own)}/`);
  for await (const response of analyseSource(files, { ...task, resume, signal, isUnchanging: isOwn })) {
    if (response.case === 'checkpoint') await sendCheckpoint(response.value);
    else await send(toMessage(response));
  }
  await send({ kind: 'ended' });
}

async function sendCheckpoint({ bytes, state }: SourceCheckpoint): Promise<void> {
  const sealed = seal.seal(state);
  for (let start = 0; start < sealed.length; start += CHECKPOINT_PART_BYTES) {
    const end = start + CHECKPOINT_PART_BYTES;
    const part = { bytes: BigInt(bytes), state: sealed.subarray(start, end), more: end < sealed.length };
    await send({ kind: 'response', bytes: encode({ case: 'checkpoint', value: part }), isLatest: false });
  }
}

function toMessage(response: Exclude<SourceResponse, { case: 'checkpoint' }>): SourceMessage {
  if (response.case === 'totals') return { kind: 'totals', batch: response.value };
  return { kind: 'response', bytes: encode(response), isLatest: response.case === 'progress' };
}

type Message = NonNullable<Parameters<typeof create<typeof ProcessCsvResponseSchema>>[1]>['message'];

function encode(message: Message): Uint8Array {
  return toBinary(ProcessCsvResponseSchema, create(ProcessCsvResponseSchema, { message }));
}

try {
  await run();
} catch (error) {
  const { code, message } = toTallyError(error);
  // An unknown error is a fault of ours: its text belongs into the log, not to the user.
  if (code === 'INTERNAL') console.error(error);
  await send({ kind: 'failed', code, message });
}
