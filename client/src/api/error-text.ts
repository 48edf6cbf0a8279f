import { Code, ConnectError } from '@connectrpc/connect';
import { inPageWords } from '../format/page-words.ts';
import { texts } from '../texts.ts';

/** Codes whose message the server writes for people: it says what is wrong with what was asked for. */
const spokenCodes = new Set<Code>([
  Code.InvalidArgument,
  Code.FailedPrecondition,
  Code.ResourceExhausted,
  Code.AlreadyExists,
  Code.OutOfRange,
  Code.NotFound,
  Code.PermissionDenied,
]);

/** Says in a sentence what went wrong with a call, a file or an upload. Never shows the text of an unknown error. */
export function describeError(error: unknown): string {
  if (error instanceof ConnectError) return describeConnectError(error);
  if (isUploadError(error)) return describeUploadStatus(error.originalResponse?.getStatus() ?? 0);
  if (error instanceof DOMException) return texts.errors.fileUnreadable;
  return texts.errors.unknown;
}

/** True if an error says that the thing asked for does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.NotFound;
}

/** True if an error says that a file, or the job that it belongs to, is not there any more. */
export function isGoneError(error: unknown): boolean {
  return isNotFound(error) || (error instanceof ConnectError && error.code === Code.FailedPrecondition);
}

/** Says what the status of a refused upload means; 0 stands for no answer. */
export function describeUploadStatus(status: number): string {
  switch (status) {
    case 0:
      return texts.errors.unreachable;
    case 401:
    case 403:
      return texts.errors.key;
    case 404:
    case 410:
      return texts.errors.uploadGone;
    case 413:
      return texts.errors.tooLarge;
    case 507:
      return texts.errors.diskFull;
    default:
      return status >= 500 ? texts.errors.unexpected : texts.errors.uploadRefused(status);
  }
}

function describeConnectError(error: ConnectError): string {
  if (spokenCodes.has(error.code) && error.rawMessage !== '') return asSentence(error.rawMessage);
  // A browser that gets no answer at all says so with a TypeError.
  if (error.cause instanceof TypeError) return texts.errors.unreachable;
  switch (error.code) {
    case Code.Unavailable:
      return texts.errors.unreachable;
    case Code.Unauthenticated:
    case Code.PermissionDenied:
      return texts.errors.key;
    case Code.NotFound:
      return texts.errors.notFound;
    case Code.DeadlineExceeded:
      return texts.errors.slow;
    case Code.ResourceExhausted:
    case Code.Aborted:
      return texts.errors.busy;
    default:
      return texts.errors.unexpected;
  }
}

/** A message of the server in the words of the page, with a full stop at its end, and a capital at its beginning unless that is a name. */
export function asSentence(message: string): string {
  const words = inPageWords(message);
  const startsWithName = /^[a-z]+[A-Z]/.test(words);
  const text = startsWithName ? words : words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function isUploadError(error: unknown): error is { originalResponse: { getStatus(): number } | null } {
  return error instanceof Error && 'originalResponse' in error;
}
