import { quoted } from '../../bytes/quoted.ts';
import { TallyError } from '../../errors.ts';

/** The error for a job that does not exist. */
export function jobNotFound(id: string): TallyError {
  return new TallyError('JOB_NOT_FOUND', `There is no job ${quoted(id)}: it may have been deleted.`);
}

/** The error of all that begins while the server ends. */
export function stopping(): TallyError {
  return new TallyError('STOPPING', 'The server is stopping: try again in a moment.');
}

/** An upload in one request that ended before its file did. */
export function interrupted(how: string): TallyError {
  return new TallyError('UPLOAD_INTERRUPTED', `${how}: upload the file again.`);
}
