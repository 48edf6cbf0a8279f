import { create } from '@bufbuild/protobuf';
import { type Column, type CsvOptions, CsvOptionsSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';

/** The settings of the reading that can be changed on the page. Empty strings mean: as detected, or as usual. */
export interface CsvSettings {
  delimiter: string;
  quote: string;
  header: '' | 'true' | 'false';
  encoding: string;
  decimalSeparator: string;
  groupSeparator: string;
  /** A whole number. */
  skipLines: string;
  departmentColumn: string;
  amountColumn: string;
  negativeAmounts: '' | 'reject';
}

/** Settings that leave everything to detection. */
export const detectEverything: CsvSettings = {
  delimiter: '',
  quote: '',
  header: '',
  encoding: '',
  decimalSeparator: '',
  groupSeparator: '',
  skipLines: '',
  departmentColumn: '',
  amountColumn: '',
  negativeAmounts: '',
};

/** How options name a column: by its name where that is clear, else by its index. */
export function columnReference(column: Column, columns: readonly Column[]): string {
  const sameName = columns.filter(({ name }) => name === column.name);
  return column.name !== '' && sameName.length === 1 ? column.name : String(column.index);
}

/** Settings that make other columns of a file. */
const columnMakers: readonly (keyof CsvSettings)[] = ['delimiter', 'quote', 'header', 'encoding', 'skipLines'];

/** Applies a change. Columns are chosen anew where the change makes others of the file. */
export function changeSettings(settings: CsvSettings, change: Partial<CsvSettings>): CsvSettings {
  const otherColumns = columnMakers.some((name) => name in change);
  const columns = otherColumns ? { departmentColumn: '', amountColumn: '' } : {};
  return { ...settings, ...columns, ...change };
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
  const { delimiter, skipLines, ...same } = settings;
  return create(CsvOptionsSchema, {
    ...(others && pickUnknown(others)),
    ...same,
    delimiter: delimiter === '\t' ? 'tab' : delimiter,
    ...(skipLines !== '' && { skipLines: Number(skipLines) }),
  });
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
    departmentColumn: options.departmentColumn,
    amountColumn: options.amountColumn,
    negativeAmounts: options.negativeAmounts === 'reject' ? 'reject' : '',
  };
}

/** The name of a column on the page. */
export function columnName(column: Column): string {
  return column.name === '' ? texts.prepare.column(column.index + 1) : column.name;
}
