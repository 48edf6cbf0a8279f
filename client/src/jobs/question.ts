import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { texts } from '../texts.ts';
import { type CsvSettings, fromOptions, type QuestionSettings } from '../upload/csv-options.ts';
import { questionText } from './question-words.ts';

/** A question about a file in words: what tells it from the others about the same file. */
export interface Question {
  /** The columns and filters: `Revenue by Region`. */
  text: string;
  /** The settings that not all questions about the file have: `Below zero: leave out`. */
  settings: string[];
}

type Asked = Pick<Job, 'dialect' | 'options'>;

/** Puts the questions about one file in words, in their order. */
export function describeQuestions(jobs: readonly Asked[]): Question[] {
  const all = jobs.map(({ options }) => fromOptions(options));
  const differing = told.filter((name) => new Set(all.map((settings) => settings[name])).size > 1);
  return jobs.map((job, place) => ({
    text: questionText(job),
    settings: differing.flatMap((name) => {
      const value = all[place]?.[name] ?? '';
      return value === '' ? [] : [texts.jobs.setting(labels[name], words[name]?.[value] ?? value)];
    }),
  }));
}

const { prepare } = texts;

/** The settings beside the question. */
type Told = Exclude<keyof CsvSettings, keyof QuestionSettings>;

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
