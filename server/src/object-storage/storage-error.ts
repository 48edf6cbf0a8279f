import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';
import { type ObjectPlace, s3UrlOf } from './s3-url.ts';

/** Why an object storage does not give an object or a list, in words for users. */
export function storageError(error: unknown, place: ObjectPlace): TallyError {
  const {
    name = '',
    message = '',
    $metadata,
  } = error as {
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const url = quoted(s3UrlOf(place));
  if (name === 'NoSuchBucket') {
    return notFound(`There is no bucket ${quoted(place.bucket)}: check the address.`, error);
  }
  if (/Credentials|Token/i.test(name) || /credential/i.test(message)) {
    return notFound(
      `${url} cannot be read: no valid credentials for the object storage were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile or role.`,
      error,
    );
  }
  if (/region/i.test(message) && $metadata?.httpStatusCode === undefined) {
    return notFound(`${url} cannot be read: the region is not known; set AWS_REGION.`, error);
  }
  return byStatus($metadata?.httpStatusCode, place, error);
}

/** The same by the status of an answer; undefined for no answer. */
export function byStatus(status: number | undefined, place: ObjectPlace, cause?: unknown): TallyError {
  const url = quoted(s3UrlOf(place));
  if (status === 404) return notFound(`There is no object ${url}: check the address.`, cause);
  if (status === 401 || status === 403) {
    return notFound(`${url} cannot be read with these credentials: check the address and their permissions.`, cause);
  }
  const answer = status === undefined ? 'does not answer' : `answers with status ${status}`;
  return new TallyError('SOURCE_UNAVAILABLE', `${url} cannot be read now: the object storage ${answer}; try again.`, {
    cause,
  });
}

function notFound(message: string, cause: unknown): TallyError {
  return new TallyError('SOURCE_NOT_FOUND', message, { cause });
}
