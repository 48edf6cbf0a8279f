import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createRouterTransport, type Transport } from '@connectrpc/connect';
import {
  GatewayService,
  type Job,
  JobState,
  type WatchJobsResponse,
  WatchJobsResponseSchema,
} from '#gen/tallystream/v1/gateway_pb.ts';
import { type CsvOptions, RejectReason, type Total } from '#gen/tallystream/v1/processor_pb.ts';
import { groupLabel } from '../jobs/group-label.ts';
import { grouped, groupedJobs, racingJob } from './sample-grouped-jobs.ts';
import { groupedTotals } from './sample-groups.ts';
import { inspectSample } from './sample-inspection.ts';
import { running, sampleJobs, sampleTotals } from './sample-jobs.ts';
import { sampleFolder } from './sample-sources.ts';

/**
 * The data that the page is shown with: `?scene=` of states.html. In `gone`, files that are said to be kept have gone
 * meanwhile; in `old`, the server knows of no folders; in `wide`, files have very many columns; in `groups`, results
 * are of several columns and of periods.
 */
export type Scene = 'all' | 'empty' | 'lost' | 'gone' | 'old' | 'wide' | 'groups';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const event = (value: WatchJobsResponse['event']) => create(WatchJobsResponseSchema, { event: value });
const departments = 1284;

function knownIn(scene: Scene): Job[] {
  if (scene === 'empty') return [];
  return scene === 'groups' ? groupedJobs() : sampleJobs();
}

/** A gateway without a server: jobs in every state, one of which runs. Questions about kept files are answered at once. */
export function makeSampleTransport(scene: Scene): Transport {
  const known = knownIn(scene);
  const news: Job[] = [];

  function tell(job: Job): Job {
    const at = known.findIndex(({ id }) => id === job.id);
    if (at < 0) known.unshift(job);
    else known[at] = job;
    news.push(job);
    return job;
  }

  /** A job that has its result a moment later. */
  function answer(id: string, filename: string, source: string, options: CsvOptions | undefined): Job {
    const { groupBy = [] } = options ?? {};
    if (scene === 'groups' && groupBy.length > 0) {
      const job = grouped(id, groupBy, {
        filename,
        source,
        createTime: timestampFromMs(Date.now()),
        ...(options && { options }),
      });
      setTimeout(() => tell(job), 300);
      return tell({ ...job, state: JobState.QUEUED });
    }
    const more = {
      source,
      createTime: timestampFromMs(Date.now()),
      doubts: [],
      dialect: inspectSample(options, scene === 'wide').dialect,
      ...(options && { options }),
    };
    setTimeout(() => {
      const finishTime = timestampFromMs(Date.now());
      tell(running(id, filename, JobState.SUCCEEDED, 1, { ...more, finishTime }));
    }, 300);
    return tell(running(id, filename, JobState.QUEUED, 0, more));
  }

  function totalsOf(id: string): Total[] {
    const dialect = known.find((job) => job.id === id)?.dialect;
    if (dialect === undefined || dialect.groupBy.length === 0) return sampleTotals(departments);
    return groupedTotals(dialect).sort((a, b) => Number(b.sum) - Number(a.sum));
  }

  function refuseGone(source: string): void {
    if (source.startsWith('jobs/') && scene === 'gone') {
      throw new ConnectError('the file of this job is not kept any more; upload it again', Code.FailedPrecondition);
    }
  }

  return createRouterTransport(({ service }) => {
    service(GatewayService, {
      async *watchJobs(_request, context) {
        if (scene === 'lost') throw new ConnectError('stopping', Code.Unavailable);
        yield event({ case: 'snapshot', value: { $typeName: 'tallystream.v1.JobsSnapshot', jobs: [...known] } });
        for (let fraction = 0.42; !context.signal.aborted; fraction = fraction > 0.9 ? 0.1 : fraction + 0.0006) {
          await wait(100);
          for (const job of news.splice(0)) yield event({ case: 'job', value: job });
          if (scene === 'groups') yield event({ case: 'job', value: racingJob(fraction) });
          else if (scene !== 'empty')
            yield event({ case: 'job', value: running('1', 'live.csv', JobState.UPLOADING, fraction) });
        }
      },
      getJob() {
        throw new ConnectError('there is no such job', Code.NotFound);
      },
      createJob({ filename, source, options }) {
        refuseGone(source);
        const asked = known.find(({ id }) => `jobs/${id}` === source);
        return { job: answer(String(known.length + 1), filename, asked?.source || source, options) };
      },
      retryJob({ id, options }) {
        const failed = known.find((job) => job.id === id);
        refuseGone(`jobs/${id}`);
        return { job: answer(id, failed?.filename ?? '', failed?.source ?? '', options) };
      },
      deleteJob({ id }) {
        const at = known.findIndex((job) => job.id === id);
        if (at >= 0) known.splice(at, 1);
        return {};
      },
      async listSources({ folder, pageSize, pageToken }) {
        if (scene === 'old') throw new ConnectError('unknown', Code.Unimplemented);
        await wait(folder === '' ? 0 : 150);
        return scene === 'empty' ? {} : sampleFolder(folder, pageSize, pageToken);
      },
      async inspectCsv({ source, options }) {
        await wait(150);
        refuseGone(source);
        const sourceBytes = source.startsWith('jobs/') ? 5_916_123_456n : 48_231_119_870n;
        return { ...inspectSample(options, scene === 'wide'), ...(source !== '' && { sourceBytes, sourceFiles: 1 }) };
      },
      async listTotals({ jobId, search, pageSize, pageToken, orderBy }) {
        await wait(80);
        const all = totalsOf(jobId).filter((total) => groupLabel(total).toLowerCase().includes(search.toLowerCase()));
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
