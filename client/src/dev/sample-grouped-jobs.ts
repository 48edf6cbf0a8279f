import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type Job, type JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { groupedDialect, groupedTotals, totalOf } from './sample-groups.ts';
import { running, sampleTotals } from './sample-jobs.ts';

/** Questions about several columns, and about periods. */
export function groupedJobs(): Job[] {
  return [
    grouped('1', ['Region', 'Date:month']),
    grouped('2', ['Date:day']),
    grouped('3', ['Region', 'Product', 'Date:quarter'], {
      options: {
        groupBy: ['Region', 'Product', 'Date:quarter'],
        where: [
          { column: 'Date', test: { case: 'between', value: { from: '2023', to: '2026-Q1' } } },
          { column: 'Region', test: { case: 'notIn', value: { values: ['Test', 'Unknown', ''] } } },
        ],
      },
      rowsFiltered: 48_120n,
    }),
    grouped('4', ['Shop', 'Date:day'], { departments: 240_000 }),
    grouped('5', ['Date:day', 'Product']),
    grouped('6', ['Shop', 'Date:week']),
  ];
}

/** A job that runs, in which groups overtake each other all the time. */
export function racingJob(fraction: number): Job {
  const dialect = groupedDialect(['Region', 'Date:year']);
  const top = groupedTotals(dialect)
    .slice(0, 12)
    .map((total, index) => {
      const cents = Math.round(1e9 * fraction * (1 + 0.4 * Math.sin(fraction * 60 * (1 + (index % 4)) + index * 2)));
      return { ...total, sum: (cents / 100).toFixed(2) };
    })
    .sort((a, b) => Number(b.sum) - Number(a.sum))
    .slice(0, 10);
  return running('9', 'race.csv', JobState.UPLOADING, fraction, { dialect, top, doubts: [] });
}

/** A question about several columns, or about periods. */
export function grouped(
  id: string,
  groupBy: string[],
  more: Exclude<MessageInitShape<typeof JobSchema>, Job> = {},
): Job {
  const dialect = groupedDialect(groupBy);
  const totals = more.departments === undefined ? groupedTotals(dialect) : sampleTotals(10);
  const top = totals.toSorted((a, b) => Number(b.sum) - Number(a.sum)).slice(0, 10);
  return running(id, 'grouped.csv', JobState.SUCCEEDED, 1, {
    finishTime: timestampFromMs(Date.now()),
    doubts: [],
    rowsRejected: 0n,
    rejectedByReason: [],
    options: { groupBy },
    dialect,
    departments: totals.length,
    total: totalOf(totals),
    top,
    ...more,
  });
}
