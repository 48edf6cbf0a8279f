import { Code, ConnectError } from '@connectrpc/connect';
import { ERROR_CODE_HEADER, type ErrorCode, isErrorCode, toTallyError } from './errors.ts';

/** Where the codes of `errors.ts` go in RPCs. */
const CONNECT_CODES: Record<ErrorCode, Code> = {
  OPTION_INVALID: Code.InvalidArgument,
  ENCODING_UNKNOWN: Code.InvalidArgument,
  COLUMN_NOT_FOUND: Code.InvalidArgument,
  COLUMN_AMBIGUOUS: Code.InvalidArgument,
  TOO_FEW_COLUMNS: Code.InvalidArgument,
  HEADER_TOO_LONG: Code.InvalidArgument,
  NO_ROW_COUNTS: Code.InvalidArgument,
  NOT_A_CSV: Code.InvalidArgument,
  REQUEST_INVALID: Code.InvalidArgument,
  PAGE_TOKEN_INVALID: Code.InvalidArgument,
  TOO_MANY_DEPARTMENTS: Code.ResourceExhausted,
  TOO_MANY_COLUMNS: Code.InvalidArgument,
  OUT_OF_MEMORY: Code.ResourceExhausted,
  CHECKPOINT_INVALID: Code.FailedPrecondition,
  GZIP_INVALID: Code.InvalidArgument,
  GZIP_BOMB: Code.ResourceExhausted,
  ZIP_INVALID: Code.InvalidArgument,
  ZIP_BOMB: Code.ResourceExhausted,
  UNAUTHENTICATED: Code.Unauthenticated,
  HOST_NOT_ALLOWED: Code.PermissionDenied,
  ORIGIN_NOT_ALLOWED: Code.PermissionDenied,
  NOT_FOUND: Code.NotFound,
  JOB_NOT_FOUND: Code.NotFound,
  METHOD_NOT_ALLOWED: Code.Unimplemented,
  JOB_HAS_NO_RESULT: Code.FailedPrecondition,
  JOB_HAS_ENDED: Code.FailedPrecondition,
  JOB_NOT_ENDED: Code.FailedPrecondition,
  JOB_SUCCEEDED: Code.FailedPrecondition,
  UPLOAD_GONE: Code.FailedPrecondition,
  SOURCE_CHANGED: Code.FailedPrecondition,
  SOURCE_NOT_FOUND: Code.NotFound,
  SOURCE_NOT_ALLOWED: Code.PermissionDenied,
  SOURCE_NOT_READY: Code.FailedPrecondition,
  SOURCE_UNAVAILABLE: Code.Unavailable,
  HEADER_DIFFERS: Code.InvalidArgument,
  UPLOAD_TOO_LARGE: Code.ResourceExhausted,
  UPLOAD_INTERRUPTED: Code.Aborted,
  MEDIA_TYPE_UNSUPPORTED: Code.InvalidArgument,
  TOO_MANY_REQUESTS: Code.ResourceExhausted,
  DISK_FULL: Code.ResourceExhausted,
  STORAGE_FAILED: Code.Internal,
  CALL_IDLE: Code.ResourceExhausted,
  CANCELED: Code.Canceled,
  PROCESSOR_UNAVAILABLE: Code.Unavailable,
  PROCESSOR_CRASHED: Code.Aborted,
  STOPPING: Code.Unavailable,
  INTERNAL: Code.Internal,
};

/** Whether an error comes from the operating system, whose texts name paths and addresses. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && ('syscall' in error || 'errno' in error);
}

/** The same error for an RPC. A ConnectError made by Connect itself stays what it is, but for the texts of the system. */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError && isSystemError(error.cause)) {
    const text = error.code === Code.Unavailable ? 'No processor can be reached.' : 'The connection was lost.';
    return new ConnectError(text, error.code, { [ERROR_CODE_HEADER]: 'PROCESSOR_UNAVAILABLE' }, undefined, error);
  }
  if (error instanceof ConnectError) {
    // Of an error that came over the wire Connect hands on the code and text only.
    const code = error.metadata.get(ERROR_CODE_HEADER);
    if (!isErrorCode(code)) return error;
    return new ConnectError(error.rawMessage, error.code, { [ERROR_CODE_HEADER]: code }, undefined, error);
  }
  const known = toTallyError(error);
  return new ConnectError(
    known.message,
    CONNECT_CODES[known.code],
    { [ERROR_CODE_HEADER]: known.code },
    undefined,
    known.cause,
  );
}
