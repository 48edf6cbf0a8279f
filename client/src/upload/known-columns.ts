import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import type { CsvSettings } from './csv-options.ts';

/** A dialect with the columns that settings choose, as far as it has them. */
export function withColumns(
  dialect: Dialect,
  settings: Pick<CsvSettings, 'departmentColumn' | 'amountColumn'>,
): Dialect {
  const find = (wish: string, otherwise: number) => {
    const column =
      dialect.columns.find(({ name }) => name === wish) ?? dialect.columns.find(({ index }) => String(index) === wish);
    return wish === '' ? otherwise : (column?.index ?? otherwise);
  };
  return {
    ...dialect,
    departmentIndex: find(settings.departmentColumn, dialect.departmentIndex),
    amountIndex: find(settings.amountColumn, dialect.amountIndex),
  };
}

/** How options name a column that a reader wrote down: by its name, or, without names, by its number from 1 on. */
export function writtenColumn(text: string, header: CsvSettings['header']): string {
  return header === 'false' && /^[1-9]\d*$/.test(text) ? String(Number(text) - 1) : text;
}

/** The text that a reader writes down for a column: the inverse of {@link writtenColumn}. */
export function columnAsWritten(column: string, header: CsvSettings['header']): string {
  return header === 'false' && /^\d+$/.test(column) ? String(Number(column) + 1) : column;
}
