import { isErrorCode, STORAGE_FAILED_TEXT, TallyError } from '../../errors.ts';

/** SQLite's texts for its result codes: https://sqlite.org/rescode.html */
const FULL_TEXT = /database or disk is full/;
const STORAGE_TEXTS =
  /disk I\/O error|unable to open database file|attempt to write a readonly database|database disk image is malformed/;

/** Less than this is no room: the log grows by whole pages, of 4 KiB. */
const NO_ROOM_BYTES = 1024 * 1024;

/**
 * Whether an error of SQLite comes from a full disk. Some of its calls say `disk I/O error` then, for example where the
 * shared index of the log cannot grow.
 */
export function isRoomError(error: unknown, freeBytes: number): boolean {
  const { message } = error as Error;
  return FULL_TEXT.test(message) || (freeBytes < NO_ROOM_BYTES && /disk I\/O error/.test(message));
}

/** The error of a database call, as it came from its thread, in the form that the rest of the gateway knows. */
export function fromSqliteError(error: unknown): Error {
  const { message, code } = error as { message: string; code: unknown };
  if (isErrorCode(code)) return new TallyError(code, message);
  const cause = new Error(`database: ${message}`);
  if (FULL_TEXT.test(message)) {
    return new TallyError('DISK_FULL', "The server's disk is full: free some space and retry.", { cause });
  }
  if (STORAGE_TEXTS.test(message)) return new TallyError('STORAGE_FAILED', STORAGE_FAILED_TEXT, { cause });
  return cause;
}
