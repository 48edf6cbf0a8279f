import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createRouterTransport, type Transport } from '@connectrpc/connect';
import {
  GatewayService,
  JobState,
  type WatchJobsResponse,
  WatchJobsResponseSchema,
} from '#gen/tallystream/v1/gateway_pb.ts';
import { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { running, sampleDoubts, sampleJobs, sampleTotals } from './sample-jobs.ts';

/** The data that the page is shown with: `?scene=` of states.html. */
export type Scene = 'all' | 'empty' | 'lost';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const event = (value: WatchJobsResponse['event']) => create(WatchJobsResponseSchema, { event: value });
const departments = 1284;

/** A gateway without a server: jobs in every state, one of which runs. */
export function makeSampleTransport(scene: Scene): Transport {
  return createRouterTransport(({ service }) => {
    service(GatewayService, {
      async *watchJobs(_request, context) {
        if (scene === 'lost') throw new ConnectError('stopping', Code.Unavailable);
        const jobs = scene === 'empty' ? [] : sampleJobs();
        yield event({ case: 'snapshot', value: { $typeName: 'tallystream.v1.JobsSnapshot', jobs } });
        for (let fraction = 0.42; !context.signal.aborted; fraction = fraction > 0.9 ? 0.1 : fraction + 0.0006) {
          await wait(100);
          if (scene !== 'empty')
            yield event({ case: 'job', value: running('1', 'live.csv', JobState.UPLOADING, fraction) });
        }
      },
      getJob() {
        throw new ConnectError('there is no such job', Code.NotFound);
      },
      async inspectCsv({ options }) {
        await wait(150);
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
      },
      async listTotals({ search, pageSize, pageToken, orderBy }) {
        await wait(80);
        const all = sampleTotals(departments).filter(({ department }) =>
          department.toLowerCase().includes(search.toLowerCase()),
        );
        if (orderBy.endsWith('asc')) all.reverse();
        const from = Number(pageToken || 0);
        const next = from + pageSize;
        return {
          totals: all.slice(from, next),
          nextPageToken: next < all.length ? String(next) : '',
          totalSize: all.length,
        };
      },
      async listRejects({ pageToken, pageSize, reasons }) {
        const from = Number(pageToken || 0);
        return {
          rejects: Array.from({ length: pageSize }, (_, index) => ({
            line: BigInt((from + index + 1) * 166_112),
            lines: index % 7 ? 1n : 81_511n,
            reason: reasons[0] ?? (index % 3 ? RejectReason.AMOUNT_NOT_A_NUMBER : RejectReason.COLUMN_COUNT),
            raw:
              index % 3
                ? '2024-03-11;North;Chair, oak;n/a;'
                : '2024-03-11;North;Chair; oak;12,50;a rather long remark;and more',
          })),
          nextPageToken: from + pageSize < 1204 ? String(from + pageSize) : '',
          totalSize: 1204n,
        };
      },
    });
  });
}
