import { Code, ConnectError } from '@connectrpc/connect';

/**
 * Everything that this system refuses or fails with: a stable code for programs, and where it goes on the wire, as a
 * Connect code for RPCs and a status for plain HTTP.
 */
const ERRORS = {
  OPTION_INVALID: { connect: Code.InvalidArgument, http: 400 },
  ENCODING_UNKNOWN: { connect: Code.InvalidArgument, http: 400 },
  COLUMN_NOT_FOUND: { connect: Code.InvalidArgument, http: 400 },
  COLUMN_AMBIGUOUS: { connect: Code.InvalidArgument, http: 400 },
  TOO_FEW_COLUMNS: { connect: Code.InvalidArgument, http: 400 },
  HEADER_TOO_LONG: { connect: Code.InvalidArgument, http: 400 },
  REQUEST_INVALID: { connect: Code.InvalidArgument, http: 400 },
  PAGE_TOKEN_INVALID: { connect: Code.InvalidArgument, http: 400 },
  TOO_MANY_DEPARTMENTS: { connect: Code.ResourceExhausted, http: 400 },
  OUT_OF_MEMORY: { connect: Code.ResourceExhausted, http: 507 },
  CHECKPOINT_INVALID: { connect: Code.FailedPrecondition, http: 409 },
  GZIP_INVALID: { connect: Code.InvalidArgument, http: 400 },
  UNAUTHENTICATED: { connect: Code.Unauthenticated, http: 401 },
  NOT_FOUND: { connect: Code.NotFound, http: 404 },
  JOB_NOT_FOUND: { connect: Code.NotFound, http: 404 },
  METHOD_NOT_ALLOWED: { connect: Code.Unimplemented, http: 405 },
  JOB_HAS_NO_RESULT: { connect: Code.FailedPrecondition, http: 409 },
  JOB_HAS_ENDED: { connect: Code.FailedPrecondition, http: 410 },
  JOB_NOT_ENDED: { connect: Code.FailedPrecondition, http: 409 },
  JOB_SUCCEEDED: { connect: Code.FailedPrecondition, http: 409 },
  UPLOAD_GONE: { connect: Code.FailedPrecondition, http: 410 },
  UPLOAD_TOO_LARGE: { connect: Code.ResourceExhausted, http: 413 },
  UPLOAD_INTERRUPTED: { connect: Code.Aborted, http: 400 },
  MEDIA_TYPE_UNSUPPORTED: { connect: Code.InvalidArgument, http: 415 },
  DISK_FULL: { connect: Code.ResourceExhausted, http: 507 },
  CANCELED: { connect: Code.Canceled, http: 409 },
  PROCESSOR_UNAVAILABLE: { connect: Code.Unavailable, http: 503 },
  PROCESSOR_CRASHED: { connect: Code.Aborted, http: 500 },
  STOPPING: { connect: Code.Unavailable, http: 503 },
  INTERNAL: { connect: Code.Internal, http: 500 },
} as const satisfies Record<string, { connect: Code; http: number }>;

export type ErrorCode = keyof typeof ERRORS;

/** The response header and trailer that carries the stable code beside Connect's own. */
export const ERROR_CODE_HEADER = 'tallystream-error-code';

/** An error that the user may see: what happened, with which value, and what to do. */
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
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}

/**
 * Brings any error into the form that users see. Errors of this system (a {@link TallyError}, or the kernel's, which
 * carries the same codes) keep code and text; ENOSPC and its like become DISK_FULL; every other becomes INTERNAL with
 * a text that tells nothing of the inside.
 */
export function toTallyError(error: unknown): TallyError {
  if (error instanceof TallyError) return error;
  if (error instanceof ConnectError) return fromConnectError(error);
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code;
    if (isErrorCode(code)) return new TallyError(code, error.message, { cause: error });
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      return new TallyError('DISK_FULL', 'The disk of the server is full: make room and retry.', { cause: error });
    }
  }
  return new TallyError('INTERNAL', 'Something went wrong inside the server; its log says more.', { cause: error });
}

function fromConnectError(error: ConnectError): TallyError {
  const code = error.metadata.get(ERROR_CODE_HEADER);
  if (isErrorCode(code)) return new TallyError(code, error.rawMessage, { cause: error });
  return toTallyError(error.cause ?? new Error(error.message));
}

/** The same error for an RPC. A ConnectError made by Connect itself stays what it is. */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) {
    // Of an error that came over the wire Connect hands on the code and text only.
    const code = error.metadata.get(ERROR_CODE_HEADER);
    if (!isErrorCode(code)) return error;
    return new ConnectError(error.rawMessage, error.code, { [ERROR_CODE_HEADER]: code }, undefined, error);
  }
  const known = toTallyError(error);
  return new ConnectError(
    known.message,
    ERRORS[known.code].connect,
    { [ERROR_CODE_HEADER]: known.code },
    undefined,
    known.cause,
  );
}

/** The same error's HTTP status. */
export function httpStatusOf(error: TallyError): number {
  return ERRORS[error.code].http;
}
