import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type Job, JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import {
  ColumnSchema,
  DialectSchema,
  DoubtSchema,
  GroupColumnSchema,
  RejectReason,
  RowFilterSchema,
  type Total,
  TotalSchema,
} from '#gen/tallystream/v1/processor_pb.ts';

const names = [
  'Northern Europe',
  'Online',
  'Wholesale & Partners',
  'Süd',
  'Outlet',
  'Export',
  'Central',
  'West',
  'East',
];

/** Totals of made-up departments, largest first. */
export function sampleTotals(count: number, scale = 1): Total[] {
  return Array.from({ length: count }, (_, index) => {
    const rows = Math.round((3_400_000 * scale) / (index + 1.3));
    const cents = BigInt(rows) * BigInt(12_345 - (index % 70) * 31);
    const decimal = (value: bigint) => `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;
    return create(TotalSchema, {
      department: names[index] ?? `Department ${String(index + 1).padStart(4, '0')}`,
      sum: decimal(cents),
      count: BigInt(rows),
      min: '0.01',
      max: '4999.99',
      mean: '123.451208',
    });
  });
}

const start = Date.now();

function job(id: string, filename: string, state: JobState, more: MessageInitShape<typeof JobSchema>): Job {
  const createTime = timestampFromMs(start - Number(id) * 1_700_000);
  return create(JobSchema, { id, filename, state, sizeBytes: 5_916_123_456n, total: '0', createTime, ...more });
}

/** How a file was read whose totals are of these columns. */
export const dialectOf = (department: string, amount: string) => ({
  ...sampleDialect,
  columns: [create(ColumnSchema, { index: 0, name: department }), create(ColumnSchema, { index: 1, name: amount })],
});

const sampleDialect = create(DialectSchema, {
  delimiter: ';',
  quote: '"',
  encoding: 'utf-8',
  decimalSeparator: ',',
  groupSeparator: '.',
  hasHeader: true,
  columns: [
    { index: 0, name: 'Region' },
    { index: 1, name: 'Revenue' },
  ],
  amountIndex: 1,
});

const doubt = (code: string, message: string) => create(DoubtSchema, { code, message });

/** Decisions that may be wrong. */
export const sampleDoubts = [
  doubt(
    'DECIMAL_SEPARATOR_UNCERTAIN',
    'Amounts such as 1.204 are read as 1204; set decimalSeparator to "." if that is wrong.',
  ),
  doubt(
    'AMOUNT_COLUMN_UNCERTAIN',
    'The 2nd column ("Revenue") is added up, but the 4th column ("Net") could be meant; set amountColumn to choose.',
  ),
];

/** Facts about the content. */
const sampleFacts = [
  doubt(
    'ROWS_REJECTED',
    '1,204 of 200,001,204 rows are left out: 900 with an amount that is not a number, 304 with a different number of columns. Readable amounts in them: 12,345.50 in 304 rows. See the rejected rows for details.',
  ),
  doubt(
    'NEGATIVE_AMOUNTS',
    '12,004 amounts are below zero, -88,410.25 in total; they count. Set negativeAmounts to reject to leave them out.',
  ),
  doubt(
    'SIMILAR_DEPARTMENTS',
    'One department differs from another only in case, white space or invisible characters, such as "Export" and "EXPORT"; they are totalled separately.',
  ),
];

/** How a job looks when this fraction of it is analysed. */
export function running(
  id: string,
  filename: string,
  state: JobState,
  fraction: number,
  more: MessageInitShape<typeof JobSchema> = {},
): Job {
  const size = 5_916_123_456;
  const portion = (whole: number) => BigInt(Math.round(whole * fraction));
  return job(id, filename, state, {
    receivedBytes: BigInt(Math.round(size * Math.min(1, state === JobState.UPLOADING ? fraction + 0.06 : 1))),
    processedBytes: portion(size),
    rowsProcessed: portion(200_000_000),
    rowsRejected: portion(1204),
    rejectedByReason: [
      { reason: RejectReason.AMOUNT_NOT_A_NUMBER, count: portion(900) },
      { reason: RejectReason.COLUMN_COUNT, count: portion(304) },
    ],
    departments: fraction === 0 ? 0 : 1284,
    total: `${portion(2_469_000_000)}.50`,
    top: fraction === 0 ? [] : sampleTotals(10, fraction),
    uploadUrl: state === JobState.UPLOADING ? `/uploads/${id}` : '',
    startTime: timestampFromMs(start - 20_000),
    fileKept: state !== JobState.UPLOADING,
    dialect: sampleDialect,
    doubts: fraction > 0 && state !== JobState.CANCELED ? sampleDoubts : [],
    ...more,
  });
}

/** One job for each thing that a job can be. */
export function sampleJobs(): Job[] {
  const longName = 'export (final) v2 – with a very long name that somebody chose on a Friday.csv.gz';
  return [
    running('1', 'live.csv', JobState.UPLOADING, 0.42),
    running('2', 'interrupted.csv', JobState.UPLOADING, 0.3),
    running('3', 'queued.csv', JobState.QUEUED, 0),
    running('4', 'almost-there.csv', JobState.PROCESSING, 0.93),
    running('5', 'sales-2024-all-regions.csv', JobState.SUCCEEDED, 1, {
      finishTime: timestampFromMs(start - 3000),
      bytesPerSecond: 348_000_000,
      rejectsStored: 1204n,
      blankLines: 3n,
      doubts: [...sampleDoubts, ...sampleFacts],
    }),
    running('6', longName, JobState.FAILED, 0.2, {
      uploadFinishTime: timestampFromMs(start),
      error: {
        code: 'COLUMN_NOT_FOUND',
        message: 'There is no column "Revenue". The columns are: Date, Region, Product, Sales. Choose one of them.',
      },
    }),
    running('7', 'stopped.csv', JobState.CANCELED, 0.5, { fileKept: false }),
    running('8', 'retrying.csv', JobState.UPLOADING, 0.6),
    running('9', 'only-a-header.csv', JobState.SUCCEEDED, 0, {
      sizeBytes: 41n,
      dialect: sampleDialect,
      doubts: [doubt('NO_ROWS', 'The file has no rows, at most a header; there is nothing to total.')],
    }),
    running('10', 'no-row-counts.csv', JobState.FAILED, 0, {
      uploadFinishTime: timestampFromMs(start),
      processedBytes: 5_916_123_456n,
      rowsRejected: 1204n,
      rejectsStored: 1204n,
      rejectedByReason: [
        { reason: RejectReason.AMOUNT_NOT_A_NUMBER, count: 1200n },
        { reason: RejectReason.COLUMN_COUNT, count: 4n },
      ],
      dialect: sampleDialect,
      error: {
        code: 'NO_ROW_COUNTS',
        message:
          'None of the 1,204 rows counts: 1,200 with an amount that is not a number, 4 with a different number of columns. The column "Revenue" holds no readable amounts: set amountColumn to another column.',
      },
    }),
    running('11', 'announced-only.csv', JobState.UPLOADING, 0, { receivedBytes: 0n, startTime: undefined }),
    running('12', 'with-notes.csv', JobState.SUCCEEDED, 1, {
      finishTime: timestampFromMs(start),
      doubts: sampleFacts,
      fileKept: false,
    }),
    ...questions(),
  ];
}

const monthlyColumns = ['Date', 'Region', 'Product', 'Revenue', 'Note'].map((name, index) =>
  create(ColumnSchema, { index, name }),
);
const monthlyGroups = [
  create(GroupColumnSchema, { index: 1 }),
  create(GroupColumnSchema, { index: 0, period: 'month' }),
];

/** Several questions about a file: about an upload that is still there, an upload that was deleted, and a file of the server. */
function questions(): Job[] {
  const done = { finishTime: timestampFromMs(start), doubts: [] };
  const onServer = 'file:///data/sales/2024/all%20branches.csv';
  return [
    running('13', 'sales-2024-all-regions.csv', JobState.SUCCEEDED, 1, {
      ...done,
      source: 'jobs/5',
      options: { negativeAmounts: 'reject' },
    }),
    running('14', 'sales-2024-all-regions.csv', JobState.SUCCEEDED, 1, {
      ...done,
      source: 'jobs/5',
      dialect: dialectOf('Product', 'Quantity'),
    }),
    running('15', 'all branches.csv', JobState.PROCESSING, 0.6, { source: onServer }),
    running('16', 'all branches.csv', JobState.SUCCEEDED, 1, {
      ...done,
      source: onServer,
      fileKept: false,
      dialect: dialectOf('Branch', 'Revenue'),
    }),
    running('17', 'whose-first-question-is-gone.csv', JobState.FAILED, 0.4, {
      source: 'jobs/deleted',
      error: { code: 'DISK_FULL', message: 'The checkpoint could not be written: 12 MB are free.' },
    }),
    running('18', 'whose-first-question-is-gone.csv', JobState.SUCCEEDED, 1, {
      ...done,
      source: 'jobs/deleted',
      dialect: { ...sampleDialect, columns: monthlyColumns, amountIndex: 3, groupBy: monthlyGroups },
      options: {
        groupBy: ['Region', 'Date:month'],
        where: [
          create(RowFilterSchema, {
            column: 'Region',
            test: { case: 'in', value: { values: ['Region 1', 'Region 2'] } },
          }),
        ],
      },
    }),
  ];
}
