import { create } from '@bufbuild/protobuf';
import { type Column, type CsvOptions, CsvOptionsSchema, type RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';

/** The question: which column is added up, by which groups, of which rows. */
export interface QuestionSettings {
  /** The columns to group by, as in `CsvOptions.group_by`. None for the one that is detected. */
  groupBy: readonly string[];
  amountColumn: string;
  /** Several amounts, or products, instead of `amountColumn`, as in `CsvOptions.amounts`. */
  amounts: readonly string[];
  /** The filters on rows. */
  where: readonly RowFilter[];
}

/**
 * The settings of the reading that can be changed on the page, with the question. Empty strings mean: as detected, or as
 * usual.
 */
export interface CsvSettings extends QuestionSettings {
  delimiter: string;
  quote: string;
  header: '' | 'true' | 'false';
  encoding: string;
  decimalSeparator: string;
  groupSeparator: string;
  /** A whole number. */
  skipLines: string;
  negativeAmounts: '' | 'reject';
}

/** The question that detection makes of a file. */
export const detectedQuestion: QuestionSettings = { groupBy: [], amountColumn: '', amounts: [], where: [] };

/** Settings that leave everything to detection. */
export const detectEverything: CsvSettings = {
  delimiter: '',
  quote: '',
  header: '',
  encoding: '',
  decimalSeparator: '',
  groupSeparator: '',
  skipLines: '',
  negativeAmounts: '',
  ...detectedQuestion,
};

/** How options name a column: by its name where that is clear, else by its index. */
export function columnReference(column: Column, columns: readonly Column[]): string {
  const sameName = columns.filter(({ name }) => name === column.name);
  return column.name !== '' && sameName.length === 1 ? column.name : String(column.index);
}

/** The column that a reference names; as the server finds it. Undefined if there is none. */
export function findColumn(reference: string, columns: readonly Column[]): Column | undefined {
  const folded = reference.trim().toLowerCase();
  return (
    columns.find(({ name }) => name !== '' && name === reference) ??
    columns.find(({ name }) => folded !== '' && name.trim().toLowerCase() === folded) ??
    columns.find(({ index }) => String(index) === reference.trim())
  );
}

/** Splits a wish of `CsvOptions.group_by`. A column may have a name that ends as a period does. */
export function splitPeriod(wish: string, columns: readonly Column[]): { column: string; period: string } {
  const [, column, period] = (findColumn(wish, columns) === undefined && periodAtEnd.exec(wish)) || [];
  return column === undefined || period === undefined ? { column: wish, period: '' } : { column, period };
}

/** Splits a wish of `CsvOptions.amounts`. A column may have a name with a star. */
export function splitProduct(wish: string, columns: readonly Column[]): { column: string; factor: string | undefined } {
  const isColumn = (reference: string) => findColumn(reference, columns) !== undefined;
  if (!wish.includes('*') || isColumn(wish)) return { column: wish, factor: undefined };
  const pairs = [...wish.matchAll(/\*/g)].map(({ index }) => [wish.slice(0, index), wish.slice(index + 1)] as const);
  const [column, factor] = pairs.find((pair) => pair.every(isColumn)) ?? pairs[0]!;
  return { column, factor };
}

const periodAtEnd = /^(.*):\s*(year|quarter|month|week|day)\s*$/s;

/** Settings that make other columns of a file. */
const columnMakers: readonly (keyof CsvSettings)[] = ['delimiter', 'quote', 'header', 'encoding', 'skipLines'];

/** Applies a change. The question is found anew where the change makes other columns of the file. */
export function changeSettings(settings: CsvSettings, change: Partial<CsvSettings>): CsvSettings {
  const otherColumns = columnMakers.some((name) => name in change);
  return { ...settings, ...(otherColumns && detectedQuestion), ...change };
}

/** Whether two settings find the same columns in a file. */
export function hasSameColumns(settings: CsvSettings, others: CsvSettings): boolean {
  return columnMakers.every((name) => settings[name] === others[name]);
}

/**
 * The options of an inspection and of its job: the reader's changes, and no detected values. The server detects the
 * rest again, from the same bytes with the same code, so the job reads the file as the preview has shown it. An option
 * that is given is certain for the server: if the page sent a detected value, the doubts about it would be lost.
 *
 * @param others options of the job before, of which the page knows nothing
 */
export function toOptions(settings: CsvSettings, others?: CsvOptions): CsvOptions {
  const { delimiter, skipLines, groupBy, amounts, where, ...same } = settings;
  return create(CsvOptionsSchema, {
    ...(others && pickUnknown(others)),
    ...same,
    ...askForGroups(groupBy),
    amounts: [...amounts],
    where: [...where],
    delimiter: delimiter === '\t' ? 'tab' : delimiter,
    ...(skipLines !== '' && { skipLines: Number(skipLines) }),
  });
}

/** One column as it stands is asked for as the department, which servers of an earlier version know, too. */
function askForGroups(groupBy: readonly string[]): { departmentColumn: string } | { groupBy: string[] } {
  const [only = ''] = groupBy;
  return groupBy.length <= 1 && !periodAtEnd.test(only) ? { departmentColumn: only } : { groupBy: [...groupBy] };
}

function pickUnknown({ trim, topN, maxDepartments, maxRejects }: CsvOptions) {
  return {
    maxDepartments,
    ...(trim !== undefined && { trim }),
    ...(topN !== undefined && { topN }),
    ...(maxRejects !== undefined && { maxRejects }),
  };
}

/** The settings that options stand for. */
export function fromOptions(options: CsvOptions | undefined): CsvSettings {
  if (options === undefined) return { ...detectEverything };
  const plain = (value: string) => (value === 'auto' ? '' : value);
  const { header } = options;
  return {
    delimiter: options.delimiter === 'tab' ? '\t' : plain(options.delimiter),
    quote: plain(options.quote),
    header: header === 'true' || header === 'false' ? header : '',
    encoding: plain(options.encoding),
    decimalSeparator: plain(options.decimalSeparator),
    groupSeparator: plain(options.groupSeparator),
    skipLines: options.skipLines === undefined ? '' : String(options.skipLines),
    groupBy: options.groupBy.length > 0 ? options.groupBy : [options.departmentColumn].filter((name) => name !== ''),
    amounts: options.amounts,
    where: options.where,
    amountColumn: options.amountColumn,
    negativeAmounts: options.negativeAmounts === 'reject' ? 'reject' : '',
  };
}

/** The name of a column on the page. */
export function columnName(column: Column): string {
  return column.name === '' ? texts.prepare.column(column.index + 1) : column.name;
}
