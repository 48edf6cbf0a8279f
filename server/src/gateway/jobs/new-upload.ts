import { statfs } from 'node:fs/promises';
import type { CsvOptions } from '#gen/tallystream/v1/processor_pb.ts';
import { CsvAnalysis } from '../../../../kernel/analysis/analysis.ts';
import { quoted } from '../../bytes/quoted.ts';
import { TallyError } from '../../errors.ts';
import { toAnalysisOptions } from '../../process-csv/kernel-messages.ts';

export interface UploadLimits {
  maxUploadBytes: number;
  minFreeDiskBytes: number;
  maxDepartments: number;
  /** Where uploads are spooled; its disk is the one that must have room. */
  spoolDirectory: string;
}

export interface AnnouncedUpload {
  filename: string;
  /** Undefined if the sender does not know. */
  sizeBytes: number | undefined;
  options: CsvOptions | undefined;
  /** The Content-Encoding header, empty for none. */
  contentEncoding: string;
}

/** An upload that was begun may be gone on with for so long. */
export const UPLOAD_EXPIRATION_MS = 7 * 24 * 60 * 60 * 1000;

/** Longer names are cut: they are for display only. */
const MAX_FILENAME = 255;
const DEFAULT_FILENAME = 'upload.csv';

/** Whether a file's name says that it is gzip. */
export function isGzipName(filename: string): boolean {
  return filename.toLowerCase().endsWith('.gz');
}

/**
 * Checks an upload before a byte of it is taken.
 *
 * @throws {@link TallyError} UPLOAD_TOO_LARGE, DISK_FULL, MEDIA_TYPE_UNSUPPORTED, or the error in the options
 */
export async function checkNewUpload(upload: AnnouncedUpload, limits: UploadLimits) {
  const { sizeBytes, options, contentEncoding } = upload;
  const encoding = contentEncoding.trim().toLowerCase();
  if (!['', 'identity', 'gzip', 'x-gzip'].includes(encoding)) {
    throw new TallyError('MEDIA_TYPE_UNSUPPORTED', `Content-Encoding is ${quoted(encoding)}: use gzip or none.`);
  }
  if (sizeBytes !== undefined && sizeBytes > limits.maxUploadBytes) throw tooLarge(limits);
  await checkDisk(limits, sizeBytes ?? 0);
  // Bad options are better said now than after hours of upload.
  new CsvAnalysis(toAnalysisOptions(options, limits.maxDepartments));
  const filename = displayName(upload.filename);
  return { filename, sizeBytes, options, isGzip: encoding.endsWith('gzip') || isGzipName(filename) };
}

/** @throws {@link TallyError} DISK_FULL */
export async function checkDisk({ spoolDirectory, minFreeDiskBytes }: UploadLimits, sizeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(spoolDirectory);
  const free = bavail * bsize;
  if (free - sizeBytes >= minFreeDiskBytes) return;
  throw new TallyError(
    'DISK_FULL',
    `The server has ${inGigabytes(free)} left on its disk and keeps ${inGigabytes(minFreeDiskBytes)} free: make room, or try later.`,
  );
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** How often the disk is looked at while an upload arrives: many at once must not fill what is to be kept free. */
const DISK_CHECK_BYTES = 64 * 1024 * 1024;

/**
 * Watches over an upload as it arrives.
 *
 * @returns a function to call with every piece; it throws UPLOAD_TOO_LARGE and, as soon as the disk has been looked at,
 * DISK_FULL
 */
export function watchUpload(offset: number, limits: UploadLimits): (length: number) => void {
  let total = offset;
  let nextCheck = offset + DISK_CHECK_BYTES;
  let failure: unknown;
  return (length) => {
    total += length;
    if (failure) throw failure;
    if (total > limits.maxUploadBytes) throw tooLarge(limits);
    if (total < nextCheck) return;
    nextCheck = total + DISK_CHECK_BYTES;
    checkDisk(limits, 0).catch((error) => (failure = error));
  };
}

function tooLarge({ maxUploadBytes }: UploadLimits): TallyError {
  return new TallyError('UPLOAD_TOO_LARGE', `The upload is larger than the ${maxUploadBytes} bytes that are allowed.`);
}

/** Control characters, line ends, and what turns the direction of writing: `sales\u202evsc.exe` would show as `salesexe.csv`. */
const UNSEEN_CHARACTERS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are to be removed
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The last part of a path, without characters that are not seen. It never names a file of ours. */
function displayName(filename: string): string {
  const name = filename.split(/[/\\]/).at(-1) ?? '';
  const clean = name.replace(UNSEEN_CHARACTERS, '').trim();
  if (/^\.*$/.test(clean)) return DEFAULT_FILENAME;
  return Array.from(clean).slice(0, MAX_FILENAME).join('');
}
