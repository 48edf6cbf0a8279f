import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { formatExactTime } from '../format/timestamp.ts';
import { filterText } from '../jobs/filter-text.ts';
import { filterWords } from '../jobs/question-words.ts';
import { compareTexts } from '../texts-of-comparisons.ts';
import { columnName, findColumn } from '../upload/csv-options.ts';

/** The names of two sides beside each other. */
export interface SideNames {
  here: string;
  there: string;
}

/** Calls two results by their files; those of one name by what tells them apart: their filters, or when they were made. */
export function sideNames(here: Job, there: Job): SideNames {
  const differing = [
    { here: here.filename, there: there.filename },
    filterNames(here, there),
    { here: timeOf(here), there: timeOf(there) },
  ].find((names) => names.here !== names.there);
  return differing ?? { here: `${here.filename} (1)`, there: `${there.filename} (2)` };
}

/** Calls a side by its file, and by its name where that is another. */
export function fullName({ filename }: Pick<Job, 'filename'>, name: string): string {
  return name.startsWith(filename) ? name : compareTexts.sideOf(filename, name);
}

/** Calls two results by the filters that only one of them has: by their values alone where these tell enough. */
function filterNames(here: Job, there: Job): SideNames {
  const [ours, theirs] = [filtersOnlyIn(here, there), filtersOnlyIn(there, here)];
  const [one, other] = [ours[0], theirs[0]];
  if (one !== undefined && other !== undefined && ours.length === 1 && theirs.length === 1) {
    const values = { here: onlyValue(one), there: onlyValue(other) };
    const isOfOneColumn = nameOf(one.column, here) === nameOf(other.column, there);
    if (isOfOneColumn && values.here !== undefined && values.there !== undefined) {
      return { here: values.here, there: values.there };
    }
  }
  return { here: sideName(ours, theirs, here, there), there: sideName(theirs, ours, there, here) };
}

function sideName(own: readonly RowFilter[], others: readonly RowFilter[], job: Job, other: Job): string {
  if (own.length > 0) return own.map((filter) => filterWords(filter, job.dialect?.columns ?? [])).join(', ');
  if (filtersOf(job).length === 0) return compareTexts.unfiltered;
  return others.map(({ column }) => compareTexts.anyOf(nameOf(column, other))).join(', ');
}

function filtersOnlyIn(job: Job, other: Job): RowFilter[] {
  const others = new Set(filtersOf(other).map(filterText));
  return filtersOf(job).filter((filter) => !others.has(filterText(filter)));
}

function filtersOf({ options }: Job): readonly RowFilter[] {
  return options?.where ?? [];
}

function nameOf(reference: string, { dialect }: Job): string {
  const column = findColumn(reference, dialect?.columns ?? []);
  return column === undefined ? reference : columnName(column);
}

/** The single value that a filter asks for; undefined if there are several, or it is one of those that are left out. */
function onlyValue({ test }: RowFilter): string | undefined {
  if (test.case === 'between') return test.value.from === test.value.to ? test.value.from : undefined;
  const [value, ...others] = test.case === 'in' ? test.value.values : [];
  return others.length === 0 && value !== '' ? value : undefined;
}

function timeOf({ createTime }: Job): string {
  return createTime === undefined ? '' : formatExactTime(createTime);
}
