import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Column, CsvOptions, Dialect, RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { formatCount } from '../format/count.ts';
import { texts } from '../texts.ts';
import { columnName, findColumn, splitPeriod } from '../upload/csv-options.ts';

/** A piece of a sentence. What the reader has chosen stands out. */
export interface Phrase {
  text: string;
  isChosen: boolean;
  /** Whether it is an end of a range: its hyphens are no place for a line to break. */
  isBound: boolean;
}

/** More values of a filter are counted. */
const toldValues = 3;
/** A longer value would be all of a sentence. */
const longestValue = 40;

/** The question of a job in words: `Revenue by Region and month of Date, only where Shop is Leeds or York`. */
export function questionText({ dialect, options }: Pick<Job, 'dialect' | 'options'>): string {
  const columns = columnsText(dialect, options);
  const filters = (options?.where ?? []).map((filter) => filterWords(filter, dialect?.columns ?? []));
  return filters.length === 0 ? columns : texts.question.filtered(columns, join(filters, texts.question.and));
}

/** Whether the question of a job is more than a column by another. */
export function isDetailed({ options }: Pick<Job, 'options'>): boolean {
  return options !== undefined && options.groupBy.length + options.amounts.length + options.where.length > 0;
}

/** A group in words: `Region`, `month of Date`. */
export function groupText(name: string, period: string): string {
  return period === '' ? name : texts.question.periodOf(period, name);
}

/** A filter in words. A column that nobody knows is called as it was asked for. */
export function filterPhrases({ column, test }: RowFilter, columns: readonly Column[]): Phrase[] {
  const words = texts.question.test;
  const name = chosen(columnText(column, columns));
  if (test.case === 'between') {
    const { from, to } = test.value;
    if (from === to) return [name, plain(` ${words.in} `), bound(from)];
    if (to === '') return [name, plain(` ${words.least} `), bound(from)];
    if (from === '') return [name, plain(` ${words.most} `), bound(to)];
    return [name, plain(` ${words.between} `), bound(from), plain(` ${texts.question.and} `), bound(to)];
  }
  if (test.case === undefined) return [name];
  const { values } = test.value;
  const isIn = test.case === 'in';
  if (values.length === 1 && values[0] === '') return [name, plain(` ${isIn ? words.empty : words.notEmpty}`)];
  // One more is as short to tell as to count.
  const count = values.length === toldValues + 1 ? values.length : toldValues;
  const told = values.slice(0, count).map((value) => chosen(shorten(value) || texts.question.emptyValue));
  const more = values.length - told.length;
  if (more > 0) told.push(plain(texts.question.moreValues(formatCount(more))));
  const list = told.flatMap((value, place) => {
    if (place === 0) return [value];
    return [plain(place === told.length - 1 ? ` ${texts.question.or} ` : ', '), value];
  });
  return [name, plain(` ${isIn ? words.in : words.notIn} `), ...list];
}

/** The same as {@link filterPhrases}, as one text. */
export function filterWords(filter: RowFilter, columns: readonly Column[]): string {
  return filterPhrases(filter, columns)
    .map(({ text }) => text)
    .join('');
}

/** The columns of a question: as they were found, else as they were asked for. */
function columnsText(dialect: Dialect | undefined, options: CsvOptions | undefined): string {
  const amount = amountsText(dialect, options);
  const groups = groupsText(dialect, options).filter((group) => group !== '');
  if (amount === '' && groups.length === 0) return texts.jobs.questionUnknown;
  const { columnUnknown, question } = texts.jobs;
  return question(amount || columnUnknown, join(groups, texts.question.and) || columnUnknown);
}

/** The amounts of a question, in words; empty if nobody knows any. */
export function amountsText(
  dialect: Dialect | undefined,
  options: Pick<CsvOptions, 'amounts' | 'amountColumn'> | undefined,
): string {
  const nameOf = (index: number) => nameAt(dialect, index) ?? texts.jobs.columnUnknown;
  const found = (dialect?.amounts ?? []).map(({ index, factor }) =>
    factor === undefined ? nameOf(index) : texts.question.product(nameOf(index), nameOf(factor)),
  );
  const amounts = found.length > 0 ? found : (options?.amounts ?? []);
  if (amounts.length > 0) return join(amounts, texts.question.and);
  return nameAt(dialect, dialect?.amountIndex) ?? options?.amountColumn ?? '';
}

function groupsText(dialect: Dialect | undefined, options: CsvOptions | undefined): string[] {
  if (dialect === undefined) {
    const wishes = options?.groupBy.length ? options.groupBy : [options?.departmentColumn ?? ''];
    return wishes.map((wish) => {
      const { column, period } = splitPeriod(wish, []);
      return groupText(column, period);
    });
  }
  const found = dialect.groupBy.length > 0 ? dialect.groupBy : [{ index: dialect.departmentIndex, period: '' }];
  return found.map(({ index, period }) => groupText(nameAt(dialect, index) ?? texts.jobs.columnUnknown, period));
}

function nameAt(dialect: Dialect | undefined, index: number | undefined): string | undefined {
  const column = dialect?.columns.find((candidate) => candidate.index === index);
  return column && columnName(column);
}

function columnText(reference: string, columns: readonly Column[]): string {
  const column = findColumn(reference, columns);
  return column === undefined ? reference : columnName(column);
}

function join(parts: readonly string[], word: string): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} ${word} ${last}`;
}

const chosen = (text: string): Phrase => ({ text, isChosen: true, isBound: false });
const bound = (text: string): Phrase => ({ text, isChosen: true, isBound: true });
const plain = (text: string): Phrase => ({ text, isChosen: false, isBound: false });

function shorten(value: string): string {
  return value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;
}
