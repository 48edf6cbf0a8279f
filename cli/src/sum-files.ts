import { availableParallelism } from 'node:os';
import type { Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { isErrorCode, type TallyError, toTallyError } from '../../server/src/errors.ts';
import { toAnalysisOptions, topCount } from '../../server/src/process-csv/kernel-messages.ts';
import { analyseSource } from '../../server/src/source/analyse-source.ts';
import { changeOf, type SourceFile } from '../../server/src/source/source-file.ts';
import { grown, InputError, shrunk, unreadable } from './input.ts';
import { receive, type Targets } from './receive.ts';
import type { Settings } from './settings.ts';

/** The limit of a processor that nobody has given another one. */
const DEFAULT_MAX_DEPARTMENTS = 1_000_000;

/** Reads files as one data set with the threads of this process. */
export async function sumFiles(
  files: readonly SourceFile[],
  settings: Settings,
  targets: Targets,
  signal: AbortSignal,
): Promise<Summary> {
  const { csv } = settings;
  // Rejected rows that nobody wants are counted only.
  const maxRejects = settings.rejects === undefined ? 0n : csv.maxRejects;
  const options = toAnalysisOptions({ ...csv, maxRejects }, csv.maxDepartments || DEFAULT_MAX_DEPARTMENTS);
  const threads = availableParallelism();
  try {
    const responses = analyseSource(files, { options, topCount: topCount(csv), threads, signal, mayGrow: true });
    const summary = await receive(responses, settings, targets);
    for (const file of files) if (changeOf(file) === 'grown') targets.status.warn(grown(file.name, file.size));
    return summary;
  } catch (error) {
    throw await inWordsOfUsers(error, files);
  }
}

async function inWordsOfUsers(error: unknown, files: readonly SourceFile[]): Promise<unknown> {
  const { code } = error as { code?: unknown };
  if (code === 'SOURCE_CHANGED') return changedError(toTallyError(error), files);
  // As a processor tells it.
  if (isOfSystem(error)) return unreadable(targetName(files), error);
  if (!isErrorCode(code)) return error;
  const { toConnectError } = await import('../../server/src/connect-errors.ts');
  return toConnectError(toTallyError(error));
}

function changedError(error: TallyError, files: readonly SourceFile[]): InputError {
  return files.length === 1 ? shrunk(files[0]!.name) : new InputError(error.message);
}

function targetName(files: readonly SourceFile[]): string {
  return files.length === 1 ? files[0]!.name : 'one of the files';
}

/** Whether an error comes from opening or reading: a thread hands on its name and code only. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && (error.syscall === 'read' || error.syscall === 'open');
}
