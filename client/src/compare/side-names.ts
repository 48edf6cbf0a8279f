import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatExactTime } from '../format/timestamp.ts';
import { filterWords } from '../jobs/question-words.ts';
import { compareTexts } from '../texts-of-comparisons.ts';

/** The names of two sides beside each other. */
export interface SideNames {
  here: string;
  there: string;
}

/** Calls two results by their files; those of one name by what tells them apart: their filters, or when they were made. */
export function sideNames(here: Job, there: Job): SideNames {
  const differing = [({ filename }: Job) => filename, filtersOf, timeOf]
    .map((nameOf) => ({ here: nameOf(here), there: nameOf(there) }))
    .find((names) => names.here !== names.there);
  return differing ?? { here: `${here.filename} (1)`, there: `${there.filename} (2)` };
}

/** Calls a side by its file, and by its name where that is another. */
export function fullName({ filename }: Pick<Job, 'filename'>, name: string): string {
  return name.startsWith(filename) ? name : compareTexts.sideOf(filename, name);
}

function filtersOf({ dialect, options }: Job): string {
  const filters = (options?.where ?? []).map((filter) => filterWords(filter, dialect?.columns ?? []));
  return filters.join(', ') || compareTexts.unfiltered;
}

function timeOf({ createTime }: Job): string {
  return createTime === undefined ? '' : formatExactTime(createTime);
}
