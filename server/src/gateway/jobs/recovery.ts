import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { CsvOptionsSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { type TallyError, toTallyError } from '../../errors.ts';
import { checkTexts } from '../../process-csv/request-texts.ts';
import { isFileSource } from '../job-source.ts';
import { findLoss } from '../spool/upload-gone.ts';
import type { ActiveJob } from './active-job.ts';
import type { ActiveJobs, JobsDependencies } from './active-jobs.ts';
import { interrupted } from './job-errors.ts';

/**
 * Resumes jobs that were unfinished when the previous process ended. One that cannot go on fails, and no other.
 *
 * @param finishUpload says that a job's upload is whole
 */
export async function recoverJobs(
  running: ActiveJobs,
  dependencies: JobsDependencies,
  finishUpload: (id: string) => Promise<unknown>,
): Promise<void> {
  for (const record of await dependencies.store.unfinished()) {
    const active = running.add(record);
    try {
      await recoverJob(active, running, dependencies, finishUpload);
    } catch (error) {
      await running.fail(active, toTallyError(error), error);
    }
  }
}

async function recoverJob(
  active: ActiveJob,
  running: ActiveJobs,
  { store, spool, uploadUrl }: JobsDependencies,
  finishUpload: (id: string) => Promise<unknown>,
): Promise<void> {
  const { record, writer } = active;
  const { id, sizeBytes, source } = record.job;
  if (isFileSource(source)) {
    const refusal = optionsRefusal(record.job);
    return refusal ? await running.fail(active, refusal) : running.startAnalysis(active);
  }
  const found = await spool.length(id);
  const loss = findLoss(record, found);
  const length = found ?? 0;
  writer.setReceivedBytes(length);
  // A machine that lost its power may have lost the end of a file: other bytes may come there now. Of a file that
  // is of no use any more no checkpoint is, either.
  await store.dropCheckpointBeyond(id, loss ? -1 : length);
  const isUploading = record.job.state === JobState.UPLOADING;
  const isWhole = BigInt(length) === sizeBytes;
  const refusal = optionsRefusal(record.job);
  if (refusal) return await running.fail(active, refusal);
  if (isUploading && !record.isResumable) {
    return await running.uploadLost(active, interrupted('The server was stopped during the upload'));
  }
  if (loss) return await running.fail(active, loss);
  if (!isUploading && isWhole) {
    await spool.complete(id, length);
    return running.startAnalysis(active);
  }
  if (!isUploading) {
    writer.reopenUpload(uploadUrl(id));
    await running.changed(active);
  }
  // Or the last byte was written, and the process ended before it could say so.
  if (isWhole) await finishUpload(id);
  else if (length > 0) running.startAnalysis(active);
}

/** The error in the options of a job that an older version took; undefined if there is none. */
export function optionsRefusal({ options }: Readonly<Job>): TallyError | undefined {
  try {
    if (options) checkTexts(CsvOptionsSchema, options);
    return undefined;
  } catch (error) {
    return toTallyError(error);
  }
}
