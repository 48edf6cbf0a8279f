import { fstatSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { KernelError } from '../../kernel/kernel.ts';
import { toTallyError } from '../../server/src/errors.ts';
import { toAnalysisOptions, topCount } from '../../server/src/process-csv/kernel-messages.ts';
import { analyseFile, type FileToRead } from '../../server/src/source/analyse-file.ts';
import { grown, shrunk, unreadable } from './input.ts';
import { receive, type Targets } from './receive.ts';
import type { Settings } from './settings.ts';

/** The limit of a processor that nobody has given another one. */
const DEFAULT_MAX_DEPARTMENTS = 1_000_000;

/** Reads a file with the threads of this process. */
export async function sumFile(
  file: FileToRead,
  settings: Settings,
  targets: Targets,
  signal: AbortSignal,
): Promise<Summary> {
  const { csv } = settings;
  // Rejected rows that nobody wants are counted only.
  const maxRejects = settings.rejects === undefined ? 0n : csv.maxRejects;
  const options = toAnalysisOptions({ ...csv, maxRejects }, csv.maxDepartments || DEFAULT_MAX_DEPARTMENTS);
  try {
    const responses = analyseFile(file, { options, topCount: topCount(csv), threads: availableParallelism(), signal });
    const summary = await receive(responses, settings, targets);
    if (fstatSync(file.descriptor).size > file.size) targets.status.warn(grown(targets.input.name, file.size));
    return summary;
  } catch (error) {
    if (error instanceof KernelError && error.code === 'SOURCE_CHANGED') throw shrunk(targets.input.name);
    // As a processor tells it.
    if (isOfSystem(error)) throw unreadable(targets.input.name, error);
    if (!(error instanceof KernelError)) throw error;
    const { toConnectError } = await import('../../server/src/connect-errors.ts');
    throw toConnectError(toTallyError(error));
  }
}

/** Whether an error comes from reading: a thread hands on its name and code only. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'read';
}
