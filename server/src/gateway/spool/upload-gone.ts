import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { TallyError } from '../../errors.ts';
import type { ReadonlyRecord } from '../job-record.ts';

/**
 * An upload of which the disk holds something else than was received: the totals would be of another file.
 *
 * @param leftBytes undefined if nothing is there
 */
export function uploadGone(receivedBytes: number | bigint = 0, leftBytes?: number): TallyError {
  if (receivedBytes <= 0 && leftBytes === undefined)
    return new TallyError('UPLOAD_GONE', 'The uploaded file no longer exists: upload it again.');
  const left = leftBytes === undefined ? 'none of them' : String(leftBytes);
  return new TallyError(
    'UPLOAD_GONE',
    `The server received ${receivedBytes} bytes of this file, but its disk holds ${left}: upload the file again.`,
  );
}

/**
 * Compares the stored length of an upload with the one that its sender was told. One that goes on may have bytes that
 * nobody was told of, but no more than it was to have.
 *
 * @param length of the file in the spool; undefined if there is none
 * @returns the loss as an error; undefined if there is none
 */
export function findLoss(record: ReadonlyRecord, length: number | undefined): TallyError | undefined {
  const { job, acknowledgedBytes } = record;
  if (isKnownWhole(record)) return findLossOfWhole(job, length);
  if (length === undefined || length < acknowledgedBytes) return uploadGone(acknowledgedBytes, length);
  return job.sizeBytes !== undefined && length > job.sizeBytes ? uploadGone(job.sizeBytes, length) : undefined;
}

/** As {@link findLoss}, for an upload that must be there to the byte. */
export function findLossOfWhole({ sizeBytes = 0n }: Readonly<Job>, length: number | undefined): TallyError | undefined {
  return length === Number(sizeBytes) ? undefined : uploadGone(sizeBytes, length);
}

/** Whether the sender of an upload takes it for whole. By tus nobody is told so before the last bytes are safe. */
function isKnownWhole({ job, isResumable, acknowledgedBytes }: ReadonlyRecord): boolean {
  if (!job.uploadFinishTime) return false;
  return !isResumable || BigInt(acknowledgedBytes) === job.sizeBytes;
}
