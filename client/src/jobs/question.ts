import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';
import { type CsvSettings, columnName, fromOptions } from '../upload/csv-options.ts';

/** A question about a file in words: what tells it from the others about the same file. */
export interface Question {
  /** The columns: `Revenue by Region`. */
  columns: string;
  /** The settings that not all questions about the file have: `Below zero: leave out`. */
  settings: string[];
}

type Asked = Pick<Job, 'dialect' | 'options'>;

/** Puts the questions about one file in words, in their order. */
export function describeQuestions(jobs: readonly Asked[]): Question[] {
  const all = jobs.map(({ options }) => fromOptions(options));
  const differing = told.filter((name) => new Set(all.map((settings) => settings[name])).size > 1);
  return jobs.map((job, place) => ({
    columns: askedColumns(job),
    settings: differing.flatMap((name) => {
      const value = all[place]?.[name] ?? '';
      return value === '' ? [] : [texts.jobs.setting(labels[name], words[name]?.[value] ?? value)];
    }),
  }));
}

/** The two columns of a question: as they were found, else as they were asked for. */
export function askedColumns({ dialect, options }: Asked): string {
  const department = nameAt(dialect, dialect?.departmentIndex) ?? options?.departmentColumn ?? '';
  const amount = nameAt(dialect, dialect?.amountIndex) ?? options?.amountColumn ?? '';
  if (department === '' && amount === '') return texts.jobs.questionUnknown;
  return texts.jobs.question(amount || texts.jobs.columnUnknown, department || texts.jobs.columnUnknown);
}

function nameAt(dialect: Dialect | undefined, index: number | undefined): string | undefined {
  const column = dialect?.columns.find((candidate) => candidate.index === index);
  return column && columnName(column);
}

const { prepare } = texts;

/** The settings beside the columns. */
type Told = Exclude<keyof CsvSettings, 'departmentColumn' | 'amountColumn'>;

const labels: Record<Told, string> = {
  negativeAmounts: prepare.negative,
  decimalSeparator: prepare.decimal,
  groupSeparator: prepare.group,
  delimiter: prepare.delimiter,
  header: prepare.header,
  skipLines: prepare.skipLines,
  quote: prepare.quote,
  encoding: prepare.encoding,
};

const told = Object.keys(labels) as Told[];

const words: Partial<Record<Told, Record<string, string>>> = {
  negativeAmounts: prepare.negatives,
  decimalSeparator: prepare.decimalNames,
  delimiter: prepare.delimiterNames,
  header: prepare.headers,
};
