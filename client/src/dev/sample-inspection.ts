import { Code, ConnectError } from '@connectrpc/connect';
import { type CsvOptions, RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { sampleDoubts } from './sample-jobs.ts';

/** The answer to an inspection of a made-up file. With a bar as its separator it has one column only. */
export function inspectSample(options: CsvOptions | undefined) {
  if (options?.delimiter === '|') throw new ConnectError('no row has more than one column', Code.InvalidArgument);
  const columns = ['Date', 'Region', 'Product', 'Revenue', 'Note'].map((name, index) => ({ index, name }));
  const find = (name: string | undefined, otherwise: number) => {
    const index = columns.findIndex((column) => column.name === name);
    return index < 0 ? otherwise : index;
  };
  return {
    dialect: {
      delimiter: ';',
      quote: '"',
      hasHeader: options?.header !== 'false',
      encoding: 'utf-8',
      decimalSeparator: ',',
      groupSeparator: '.',
      columns: options?.header === 'false' ? columns.map(({ index }) => ({ index, name: '' })) : columns,
      departmentIndex: find(options?.departmentColumn, 1),
      amountIndex: find(options?.amountColumn, 3),
    },
    rows: Array.from({ length: 20 }, (_, index) => ({
      fields: [
        `2024-03-${10 + index}`,
        index === 4 ? '' : `Region ${index % 5}`,
        'Chair, oak',
        `1.${200 + index},50`,
        'a rather long remark',
      ],
      rejectReason: index === 4 ? RejectReason.EMPTY_DEPARTMENT : RejectReason.UNSPECIFIED,
    })),
    doubts: options?.decimalSeparator ? [] : sampleDoubts,
  };
}
