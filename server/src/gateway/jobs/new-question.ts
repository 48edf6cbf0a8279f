import { basename } from 'node:path';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { CsvOptions } from '#gen/tallystream/v1/processor_pb.ts';
import { checkOptions } from '../../../../kernel/options.ts';
import { isS3Url, readS3Url } from '../../object-storage/s3-url.ts';
import { toAnalysisOptions } from '../../process-csv/kernel-messages.ts';
import type { FairQueue } from '../../queue/fair-queue.ts';
import type { AllowedFolders } from '../../source/allowed-folders.ts';
import { headOfFile } from '../../source/file-chunks.ts';
import { findFiles } from '../../source/find-files.ts';
import { lookAtFile, type SourceFile } from '../../source/source-file.ts';
import { readSource, urlOfPath } from '../../source/source-path.ts';
import { isFileSource, jobOfSource } from '../job-source.ts';
import type { Spool } from '../spool/spool.ts';
import { uploadGone } from '../spool/upload-gone.ts';
import { displayName } from './new-upload.ts';
import type { OwnJobs } from './own-jobs.ts';

export interface SourceAccess {
  /** The folders whose files jobs may read in place. */
  allowed: AllowedFolders;
  spool: Pick<Spool, 'path'>;
  /** Look-ups that run at once; more wait, fairly among callers. */
  lookUps: FairQueue;
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
  access: SourceAccess,
  signal: AbortSignal,
): Promise<Job> {
  checkOptions(toAnalysisOptions(options, access.maxDepartments));
  const name = filename === '' ? '' : displayName(filename);
  const id = jobOfSource(source);
  if (id !== undefined) return await jobs.askAgain(id, { filename: name, options });
  const files = await lookUp(access, source, jobs, signal);
  if (isS3Url(source)) {
    return await jobs.ask({
      filename: name || displayName(basename(readS3Url(source).key)),
      source,
      sizeBytes: sizeOf(files),
      options,
      isGzip: false,
    });
  }
  const { path, glob } = readSource(source);
  // A glob stays as it was asked for; a file that is called like one has no meaning in its URL.
  const isGlob = glob !== undefined && (files.length > 1 || files[0]!.name !== basename(path));
  return await jobs.ask({
    filename: name || displayName(basename(path)),
    source: isGlob ? asUrl(source) : urlOfPath(path),
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
  access: SourceAccess,
  signal: AbortSignal,
): Promise<SourceFile[]> {
  const id = jobOfSource(source);
  if (id === undefined) return await lookUp(access, source, jobs, signal);
  const { job } = await jobs.get(id);
  if (isFileSource(job.source)) return await lookUp(access, job.source, jobs, signal);
  try {
    return [lookAtFile(access.spool.path(id), job.filename)];
  } catch {
    throw uploadGone();
  }
}

/** Finds the files of a source, in turn with others. */
async function lookUp(
  { allowed, lookUps }: SourceAccess,
  source: string,
  jobs: OwnJobs,
  signal: AbortSignal,
): Promise<SourceFile[]> {
  const release = await lookUps.acquire(signal, jobs.reader().lane);
  try {
    return await findFiles(source, allowed, signal);
  } finally {
    release();
  }
}

/** A path as a URL in which its wildcards keep their meaning. */
function asUrl(source: string): string {
  return /^file:/i.test(source) ? source : `file://${source.split('/').map(encodedGlob).join('/')}`;
}

function encodedGlob(part: string): string {
  return part.replaceAll(/[^*?[\]{},!-]+/g, encodeURIComponent);
}

function sizeOf(files: readonly SourceFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
