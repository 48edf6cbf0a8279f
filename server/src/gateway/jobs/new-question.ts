import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { CsvOptions } from '#gen/tallystream/v1/processor_pb.ts';
import { checkOptions } from '../../../../kernel/options.ts';
import { toAnalysisOptions } from '../../process-csv/kernel-messages.ts';
import type { AllowedFolders } from '../../source/allowed-folders.ts';
import { headOfFile } from '../../source/file-chunks.ts';
import { findFiles } from '../../source/find-files.ts';
import { lookAtFile, type SourceFile } from '../../source/source-file.ts';
import { pathOfSource } from '../../source/source-path.ts';
import { isFileSource, jobOfSource } from '../job-source.ts';
import type { Spool } from '../spool/spool.ts';
import { uploadGone } from '../spool/upload-gone.ts';
import { displayName } from './new-upload.ts';
import type { OwnJobs } from './own-jobs.ts';

export interface SourceAccess {
  /** The folders whose files jobs may read in place. */
  allowed: AllowedFolders;
  spool: Pick<Spool, 'path'>;
  maxDepartments: number;
}

export interface Question {
  /** See `CreateJobRequest.source`. */
  source: string;
  filename: string;
  options: CsvOptions | undefined;
}

/**
 * Makes a job that needs no upload.
 *
 * @throws {@link TallyError} JOB_NOT_FOUND, SOURCE_NOT_READY, UPLOAD_GONE; as `findFiles`; the error in the options
 */
export async function createQuestion(
  jobs: OwnJobs,
  { source, filename, options }: Question,
  { allowed, maxDepartments }: SourceAccess,
  signal: AbortSignal,
): Promise<Job> {
  checkOptions(toAnalysisOptions(options, maxDepartments));
  const name = filename === '' ? '' : displayName(filename);
  const id = jobOfSource(source);
  if (id !== undefined) return await jobs.askAgain(id, { filename: name, options });
  const files = await findFiles(source, allowed, signal);
  const path = pathOfSource(source);
  return await jobs.ask({
    filename: name || displayName(basename(path)),
    source: pathToFileURL(path).href,
    sizeBytes: sizeOf(files),
    options,
    isGzip: false,
  });
}

/** The beginning of a source's text. */
export interface SourceHead {
  head: Uint8Array;
  /** Whether that is all of it. */
  isWhole: boolean;
  /** Of all files, in bytes. */
  bytes: number;
  files: number;
}

/**
 * Reads the beginning of a source: of its first file, if there are several.
 *
 * @param length of it, in bytes
 * @throws as {@link createQuestion}; errors of what is no CSV and cannot be unpacked
 */
export async function headOfSource(
  jobs: OwnJobs,
  source: string,
  length: number,
  access: SourceAccess,
  signal: AbortSignal,
): Promise<SourceHead> {
  const files = await filesOf(jobs, source, access, signal);
  const { head, isWhole } = await headOfFile(files[0]!, length);
  return { head, isWhole, bytes: sizeOf(files), files: files.length };
}

async function filesOf(
  jobs: OwnJobs,
  source: string,
  { allowed, spool }: SourceAccess,
  signal: AbortSignal,
): Promise<SourceFile[]> {
  const id = jobOfSource(source);
  if (id === undefined) return await findFiles(source, allowed, signal);
  const { job } = await jobs.get(id);
  if (isFileSource(job.source)) return await findFiles(job.source, allowed, signal);
  try {
    return [lookAtFile(spool.path(id), job.filename)];
  } catch {
    throw uploadGone();
  }
}

function sizeOf(files: readonly SourceFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
