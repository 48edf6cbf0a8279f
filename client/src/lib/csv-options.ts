import { create } from '@bufbuild/protobuf';
import { type Column, type CsvOptions, CsvOptionsSchema, type Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';

/** What can be changed on the page before a file is started. Empty strings mean: as detected. */
export interface CsvSettings {
  delimiter: string;
  decimalSeparator: string;
  encoding: string;
  header: '' | 'true' | 'false';
  departmentColumn: string;
  amountColumn: string;
  allowNegative: boolean;
}

/** Settings that leave everything to detection. */
export const detectEverything: CsvSettings = {
  delimiter: '',
  decimalSeparator: '',
  encoding: '',
  header: '',
  departmentColumn: '',
  amountColumn: '',
  allowNegative: false,
};

/** How options name a column: by its name where that is clear, else by its index. */
export function columnReference(column: Column, columns: readonly Column[]): string {
  const sameName = columns.filter(({ name }) => name === column.name);
  return column.name !== '' && sameName.length === 1 ? column.name : String(column.index);
}

/** Applies a change. Columns are chosen anew where the change makes others of the file. */
export function changeSettings(settings: CsvSettings, change: Partial<CsvSettings>): CsvSettings {
  const otherColumns = 'delimiter' in change || 'header' in change || 'encoding' in change;
  const columns = otherColumns ? { departmentColumn: '', amountColumn: '' } : {};
  return { ...settings, ...columns, ...change };
}

/** The options of an inspection. */
export function toOptions(settings: CsvSettings): CsvOptions {
  return create(CsvOptionsSchema, {
    ...settings,
    delimiter: settings.delimiter === '\t' ? 'tab' : settings.delimiter,
  });
}

/**
 * The options of a job: what the reader saw in the preview and agreed to, so that nothing is detected a second time
 * with another outcome. Only the encoding stays open, since a byte order mark decides it.
 */
export function settleOptions(settings: CsvSettings, dialect: Dialect): CsvOptions {
  const column = (index: number) => {
    const found = dialect.columns.find((candidate) => candidate.index === index);
    return found === undefined ? String(index) : columnReference(found, dialect.columns);
  };
  return create(CsvOptionsSchema, {
    delimiter: dialect.delimiter === '\t' ? 'tab' : dialect.delimiter,
    quote: dialect.quote === '' ? 'none' : dialect.quote,
    header: String(dialect.hasHeader),
    encoding: settings.encoding,
    departmentColumn: column(dialect.departmentIndex),
    amountColumn: column(dialect.amountIndex),
    decimalSeparator: dialect.decimalSeparator,
    groupSeparator: dialect.groupSeparator === '' ? 'none' : dialect.groupSeparator,
    allowNegative: settings.allowNegative,
  });
}

/** What a column is called on the page. */
export function columnName(column: Column): string {
  return column.name === '' ? texts.prepare.column(column.index + 1) : column.name;
}
