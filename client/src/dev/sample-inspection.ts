import { Code, ConnectError } from '@connectrpc/connect';
import { ColumnKind } from '#gen/tallystream/v1/gateway_pb.ts';
import { type CsvOptions, RejectReason, type RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { findColumn, splitPeriod } from '../upload/csv-options.ts';
import { sampleDoubts } from './sample-jobs.ts';

const names = ['Date', 'Region', 'Product', 'Revenue', 'Note'];
/** A file with so many columns that none of them is found by scrolling. */
const wideColumns = 2000;

/** The answer to an inspection of a made-up file. With a bar as its separator it has one column only. */
export function inspectSample(options: CsvOptions | undefined, isWide = false) {
  if (options?.delimiter === '|') throw new ConnectError('no row has more than one column', Code.InvalidArgument);
  const hasHeader = options?.header !== 'false';
  const columns = Array.from({ length: isWide ? wideColumns : names.length }, (_, index) => ({
    $typeName: 'tallystream.v1.Column' as const,
    index,
    name: hasHeader ? (names[index] ?? `Measure ${index + 1}`) : '',
  }));
  const find = (reference: string | undefined, otherwise: number) => {
    const column = reference ? findColumn(reference, columns) : undefined;
    if (reference && column === undefined) {
      throw new ConnectError(`there is no column "${reference}"; choose another`, Code.InvalidArgument);
    }
    return column?.index ?? otherwise;
  };
  const groups = (options?.groupBy ?? []).map((wish) => {
    const { column, period } = splitPeriod(wish, columns);
    return { index: find(column, 1), period };
  });
  const isPlain = groups.length === 0 || (groups.length === 1 && groups[0]?.period === '');
  const where = (options?.where ?? []).map((filter) => ({ index: find(filter.column, 1), filter }));
  const rows = Array.from({ length: 20 }, (_, row) => ({
    fields: columns.map(({ index }) => valueAt(row, index)),
    rejectReason: row === 4 ? RejectReason.EMPTY_DEPARTMENT : RejectReason.UNSPECIFIED,
  }));
  return {
    dialect: {
      delimiter: ';',
      quote: '"',
      hasHeader,
      encoding: 'utf-8',
      decimalSeparator: ',',
      groupSeparator: '.',
      columns,
      departmentIndex: groups[0]?.index ?? find(options?.departmentColumn, 1),
      amountIndex: find(options?.amountColumn, 3),
      groupBy: isPlain ? [] : groups,
    },
    rows: rows.map(({ fields, rejectReason }) => {
      const filtered = !where.every(({ index, filter }) => passes(fields[index] ?? '', filter));
      return { fields, filtered, rejectReason: filtered ? RejectReason.UNSPECIFIED : rejectReason };
    }),
    doubts: options?.decimalSeparator ? [] : sampleDoubts,
    columnFacts: columns.slice(0, 100).map(({ index }) => factsOf(index)),
  };
}

function valueAt(row: number, column: number): string {
  const values = [
    `2024-03-${10 + row}`,
    row === 4 ? '' : `Region ${row % 5}`,
    'Chair, oak',
    `1.${200 + row},50`,
    'a rather long remark',
  ];
  return values[column] ?? String(row * column);
}

function factsOf(index: number) {
  const kinds = [ColumnKind.DATE, ColumnKind.TEXT, ColumnKind.TEXT, ColumnKind.NUMBER, ColumnKind.TEXT];
  const values = [...new Set(Array.from({ length: 700 }, (_, row) => valueAt(row % 20, index)))];
  const frequent = values.filter((value) => value !== '');
  return {
    index,
    kind: kinds[index] ?? ColumnKind.NUMBER,
    values: index === 1 ? 665 : 700,
    empty: index === 1 ? 35 : 0,
    distinct: frequent.length,
    frequent,
  };
}

function passes(value: string, { test }: RowFilter): boolean {
  if (test.case === 'in') return test.value.values.includes(value);
  if (test.case === 'notIn') return !test.value.values.includes(value);
  if (test.case !== 'between' || value === '') return test.case === undefined;
  const { from, to } = test.value;
  return (from === '' || value >= from) && (to === '' || value.slice(0, to.length) <= to);
}
