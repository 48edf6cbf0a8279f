import type { CsvOptions } from '#gen/tallystream/v1/processor_pb.ts';
import { checkOptions } from '../../../../kernel/options.ts';
import { quoted } from '../../bytes/quoted.ts';
import { TallyError } from '../../errors.ts';
import { toAnalysisOptions } from '../../process-csv/kernel-messages.ts';
import { checkDisk, type DiskLimits, watchDisk } from '../spool/disk-room.ts';

export interface UploadLimits extends DiskLimits {
  maxUploadBytes: number;
  maxDepartments: number;
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
  checkOptions(toAnalysisOptions(options, limits.maxDepartments));
  const filename = displayName(upload.filename);
  return { filename, sizeBytes, options, isGzip: encoding.endsWith('gzip') || isGzipName(filename) };
}

/**
 * Watches over an upload as it arrives.
 *
 * @param offset where its first byte goes
 * @returns a function to call with the length of every piece; it throws UPLOAD_TOO_LARGE, and DISK_FULL as
 * {@link watchDisk} does
 */
export function watchUpload(offset: number, limits: UploadLimits): (length: number) => void {
  const watchRoom = watchDisk(limits);
  let total = offset;
  return (length) => {
    total += length;
    if (total > limits.maxUploadBytes) throw tooLarge(limits);
    watchRoom(length);
  };
}

function tooLarge({ maxUploadBytes }: UploadLimits): TallyError {
  return new TallyError('UPLOAD_TOO_LARGE', `The upload is larger than the allowed ${maxUploadBytes} bytes.`);
}

/** Control characters, line ends, and what turns the direction of writing: `sales\u202evsc.exe` would show as `salesexe.csv`. */
const UNSEEN_CHARACTERS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are to be removed
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The last part of a path, without characters that are not seen. It never names a file of ours. */
export function displayName(filename: string): string {
  const name = filename.split(/[/\\]/).at(-1) ?? '';
  const clean = name.replace(UNSEEN_CHARACTERS, '').trim();
  if (/^\.*$/.test(clean)) return DEFAULT_FILENAME;
  return Array.from(clean).slice(0, MAX_FILENAME).join('');
}
