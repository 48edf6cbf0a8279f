/**
 * Everything that this system refuses or fails with: a stable code for programs, with its status in plain HTTP. Where it
 * goes in RPCs is in `connect-errors.ts`: modules that threads load should not load Connect.
 */
const HTTP_STATUS = {
  OPTION_INVALID: 400,
  ENCODING_UNKNOWN: 400,
  COLUMN_NOT_FOUND: 400,
  COLUMN_AMBIGUOUS: 400,
  TOO_FEW_COLUMNS: 400,
  HEADER_TOO_LONG: 400,
  NO_ROW_COUNTS: 400,
  NOT_A_CSV: 400,
  REQUEST_INVALID: 400,
  PAGE_TOKEN_INVALID: 400,
  TOO_MANY_DEPARTMENTS: 400,
  TOO_MANY_COLUMNS: 400,
  OUT_OF_MEMORY: 507,
  CHECKPOINT_INVALID: 409,
  GZIP_INVALID: 400,
  GZIP_BOMB: 400,
  ZIP_INVALID: 400,
  ZIP_BOMB: 400,
  UNAUTHENTICATED: 401,
  HOST_NOT_ALLOWED: 403,
  ORIGIN_NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  JOB_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  JOB_HAS_NO_RESULT: 409,
  JOB_HAS_ENDED: 410,
  JOB_NOT_ENDED: 409,
  JOB_SUCCEEDED: 409,
  UPLOAD_GONE: 410,
  SOURCE_CHANGED: 409,
  SOURCE_NOT_FOUND: 404,
  SOURCE_NOT_ALLOWED: 403,
  SOURCE_NOT_READY: 409,
  SOURCE_UNAVAILABLE: 503,
  HEADER_DIFFERS: 400,
  UPLOAD_TOO_LARGE: 413,
  UPLOAD_INTERRUPTED: 400,
  MEDIA_TYPE_UNSUPPORTED: 415,
  TOO_MANY_REQUESTS: 429,
  DISK_FULL: 507,
  STORAGE_FAILED: 500,
  CALL_IDLE: 408,
  CANCELED: 409,
  PROCESSOR_UNAVAILABLE: 503,
  PROCESSOR_CRASHED: 500,
  STOPPING: 503,
  INTERNAL: 500,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof HTTP_STATUS;

/** The response header and trailer that carries the stable code beside Connect's own. */
export const ERROR_CODE_HEADER = 'tallystream-error-code';

/** An error that the user may see: the problem, the value, and the remedy. */
export class TallyError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TallyError';
    this.code = code;
  }
}

/** Whether a text is one of the stable codes. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(HTTP_STATUS, code);
}

/** The error codes of the operating system for a disk that has no room. */
const FULL_CODES = new Set<unknown>(['ENOSPC', 'EDQUOT']);
/** Its error codes for a disk that is broken, gone, or must not be written. */
const STORAGE_CODES = new Set<unknown>(['EIO', 'EROFS', 'ENXIO', 'ENODEV', 'ESTALE', 'EFBIG', 'EACCES', 'EPERM']);

export const STORAGE_FAILED_TEXT =
  'The server cannot read or write its disk: see its log. Retry when the disk works again.';

/**
 * Brings any error into the form that users see. Errors of this system (a {@link TallyError}, or the kernel's, which
 * carries the same codes) keep code and text; ENOSPC and its like become DISK_FULL, EIO and its like STORAGE_FAILED; every other becomes INTERNAL with
 * a text that tells nothing of the inside.
 */
export function toTallyError(error: unknown): TallyError {
  if (error instanceof TallyError) return error;
  if (isConnectError(error)) return fromConnectError(error);
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code;
    if (isErrorCode(code)) return new TallyError(code, error.message, { cause: error });
    if (FULL_CODES.has(code)) {
      return new TallyError('DISK_FULL', "The server's disk is full: free some space and retry.", { cause: error });
    }
    if (STORAGE_CODES.has(code)) return new TallyError('STORAGE_FAILED', STORAGE_FAILED_TEXT, { cause: error });
  }
  return new TallyError('INTERNAL', 'Something went wrong inside the server: see its log.', { cause: error });
}

/** The part of Connect's error that is needed here. The error is known by its name. */
interface ConnectErrorLike extends Error {
  rawMessage: string;
  metadata: Headers;
}

function isConnectError(error: unknown): error is ConnectErrorLike {
  return error instanceof Error && error.name === 'ConnectError';
}

function fromConnectError(error: ConnectErrorLike): TallyError {
  const code = error.metadata.get(ERROR_CODE_HEADER);
  if (isErrorCode(code)) return new TallyError(code, error.rawMessage, { cause: error });
  return toTallyError(error.cause ?? new Error(error.message));
}

/** Whether an error is a fault of the server, or of its machine, that the log must report. */
export function isFault({ code }: TallyError): boolean {
  return code === 'INTERNAL' || code === 'STORAGE_FAILED';
}

/** The same error's HTTP status. */
export function httpStatusOf(error: TallyError): number {
  return HTTP_STATUS[error.code];
}
