import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import type { AppState } from '../app-state.ts';
import { texts } from '../texts.ts';
import { pathOfSource, type ServerFile } from '../upload/chosen-file.ts';
import type { QuestionSettings } from '../upload/csv-options.ts';
import { createPreparation, type Preparation } from '../upload/preparation.ts';
import { mendsBySettings, settingsBefore } from './ended.ts';
import { sizeOf } from './job-figures.ts';
import { canRetry } from './job-phase.ts';

/** Whether another question about the file of a job is worth a link: it is there, and its page has no settings yet. */
export function canAskAgain(job: Job): boolean {
  if (!job.fileKept || sizeOf(job) === 0) return false;
  return job.state === JobState.SUCCEEDED || (canRetry(job) && !mendsBySettings(job));
}

/** Says why there is no other question about a file that is not there any more. */
export function whyGone({ source }: Pick<Job, 'source'>): string {
  const path = pathOfSource(source);
  return path === '' ? texts.ask.gone : texts.ask.goneFrom(path);
}

/**
 * Prepares another question about the file of a job, with the settings that it was asked with. A job without a result
 * becomes that question itself: nobody wants to keep the one that failed.
 *
 * @param question what to ask otherwise from the start
 */
export function prepareAgain(
  { gateway, jobs }: AppState,
  job: Job,
  question: Partial<QuestionSettings> = {},
): Preparation {
  const { id } = job;
  const preparation = canRetry(job)
    ? createPreparation(gateway, async (_file, options) => {
        await jobs.ask(id, () => gateway.retryJob({ id, options }));
        return { job: jobs.find(id) };
      })
    : createPreparation(gateway);
  const file: ServerFile = { source: `jobs/${id}`, name: job.filename, sizeBytes: sizeOf(job) };
  preparation.add([file], { ...settingsBefore(job), ...question }, job.options);
  return preparation;
}
