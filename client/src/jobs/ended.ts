import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { type CsvSettings, detectedQuestion, fromOptions } from '../upload/csv-options.ts';
import { noRowCounts } from './job-phase.ts';

/** Errors that other settings than those of the job can put right. */
const settingsErrors = new Set([
  noRowCounts,
  'COLUMN_NOT_FOUND',
  'COLUMN_AMBIGUOUS',
  'TOO_FEW_COLUMNS',
  'TOO_MANY_COLUMNS',
  'HEADER_TOO_LONG',
  'OPTION_INVALID',
  'ENCODING_UNKNOWN',
  'TOO_MANY_DEPARTMENTS',
]);

/** Whether a job that ended without a result may have one with other settings; one that was cancelled always may. */
export function mendsBySettings(job: Pick<Job, 'state' | 'error'>): boolean {
  return job.state === JobState.CANCELED || settingsErrors.has(job.error?.code ?? '');
}

/** Errors about the columns that were asked for: another reading of the file begins without them. */
const columnErrors = new Set(['COLUMN_NOT_FOUND', 'COLUMN_AMBIGUOUS']);

/** The settings that a job had, as far as they can be used again. */
export function settingsBefore(job: Pick<Job, 'options' | 'error'>): CsvSettings {
  const settings = fromOptions(job.options);
  return columnErrors.has(job.error?.code ?? '') ? { ...settings, ...detectedQuestion } : settings;
}
