import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import {
  type GatewayService,
  HeartbeatSchema,
  type Job,
  JobState,
  JobsSnapshotSchema,
  type WatchJobsResponse,
  WatchJobsResponseSchema,
} from '#gen/tallystream/v1/gateway_pb.ts';
import { callerKey } from '../caller.ts';
import { TallyError } from '../errors.ts';
import { inspect } from './inspect.ts';
import type { JobNews } from './job-hub.ts';
import type { JobsOf, OwnJobs } from './own-jobs.ts';
import type { JobStore } from './store/job-store.ts';
import { readOrder } from './totals-order.ts';
import { checkNewUpload, type UploadLimits } from './upload/upload-limits.ts';

/** Jobs in the first message to who watches all of them. */
const SNAPSHOT_JOBS = 1000;

export interface GatewayDependencies {
  jobsOf: JobsOf;
  store: JobStore;
  limits: UploadLimits;
}

/** GatewayService over the jobs of this gateway, of which each caller sees its own. */
export function createGatewayService({
  jobsOf,
  store,
  limits,
}: GatewayDependencies): ServiceImpl<typeof GatewayService> {
  const jobsFor = (context: HandlerContext) => {
    const caller = context.values.get(callerKey);
    if (!caller) throw new ConnectError('the caller is not known', Code.Unauthenticated);
    return jobsOf(caller);
  };
  return {
    inspectCsv: (request) => inspect(request, limits),

    async createJob({ filename, sizeBytes, options }, context) {
      const size = sizeBytes === undefined ? undefined : Number(sizeBytes);
      const upload = await checkNewUpload({ filename, sizeBytes: size, options, contentEncoding: '' }, limits);
      const job = await jobsFor(context).create({ ...upload, isResumable: true });
      return { job, uploadUrl: job.uploadUrl && absoluteUrl(job.uploadUrl, context) };
    },

    async getJob({ id }, context) {
      return { job: (await jobsFor(context).get(id)).job };
    },

    listJobs: ({ pageSize, pageToken, states }, context) =>
      jobsFor(context).list({ pageSize: pageSizeOf(pageSize, 50, 1000), pageToken, states }),

    watchJobs: ({ ids }, context) => watchJobs(ids, jobsFor(context), context.signal),

    async cancelJob({ id }, context) {
      return { job: await jobsFor(context).cancel(id) };
    },

    async retryJob({ id, options }, context) {
      return { job: await jobsFor(context).retry(id, options) };
    },

    async deleteJob({ id }, context) {
      await jobsFor(context).delete(id);
      return {};
    },

    async listTotals({ jobId, pageSize, pageToken, orderBy, search }, context) {
      const { resultId } = await withResult(jobsFor(context), jobId);
      const size = pageSizeOf(pageSize, 100, 10_000);
      const query = { ...readOrder(orderBy, 'order_by'), search, pageSize: size, pageToken };
      return await store.listTotals(resultId, query, context.signal);
    },

    async listRejects({ jobId, pageSize, pageToken, reasons }, context) {
      const { resultId, partialResultId } = await jobsFor(context).get(jobId);
      const from = partialResultId ?? resultId;
      if (from === 0) return {};
      const page = await store.listRejects(from, { reasons, pageSize: pageSizeOf(pageSize, 100, 1000), pageToken });
      return { ...page, totalSize: BigInt(page.totalSize) };
    },
  };
}

/** A job with its result. @throws {@link TallyError} JOB_NOT_FOUND, JOB_HAS_NO_RESULT */
export async function withResult(jobs: OwnJobs, id: string) {
  const record = await jobs.get(id);
  if (record.resultId === 0 || record.job.state !== JobState.SUCCEEDED) {
    throw new TallyError('JOB_HAS_NO_RESULT', noResult(record.job));
  }
  return record;
}

/** A job with its rejected rows, which one that failed because no row counts has too. @throws as {@link withResult} */
export async function withRejects(jobs: OwnJobs, id: string) {
  const record = await jobs.get(id);
  if (record.resultId === 0 || !record.job.finishTime) throw new TallyError('JOB_HAS_NO_RESULT', noResult(record.job));
  return record;
}

async function* watchJobs(ids: string[], jobs: OwnJobs, signal: AbortSignal): AsyncGenerator<WatchJobsResponse> {
  // Watch first and look then, so that nothing falls in between.
  const news = jobs.watch(ids.length > 0 ? new Set(ids) : undefined, signal);
  const known = await currentJobs(ids, jobs);
  yield create(WatchJobsResponseSchema, {
    event: { case: 'snapshot', value: create(JobsSnapshotSchema, { jobs: known }) },
  });
  const knownIds = new Set(known.map((job) => job.id));
  for (const id of ids) {
    if (!knownIds.has(id)) yield create(WatchJobsResponseSchema, { event: { case: 'deletedId', value: id } });
  }
  for await (const event of news) yield toResponse(event);
  // News end only with the signal: by a caller that is gone, or a server that stops and says so.
  signal.throwIfAborted();
}

async function currentJobs(ids: string[], jobs: OwnJobs): Promise<Job[]> {
  if (ids.length === 0) return (await jobs.list({ pageSize: SNAPSHOT_JOBS, pageToken: '', states: [] })).jobs;
  const records = await Promise.all(ids.map((id) => jobs.get(id).catch(() => undefined)));
  return records.flatMap((record) => (record ? [record.job] : []));
}

function toResponse(news: JobNews): WatchJobsResponse {
  switch (news.kind) {
    case 'job':
      return create(WatchJobsResponseSchema, { event: { case: 'job', value: news.job } });
    case 'deleted':
      return create(WatchJobsResponseSchema, { event: { case: 'deletedId', value: news.id } });
    case 'heartbeat':
      return create(WatchJobsResponseSchema, { event: { case: 'heartbeat', value: create(HeartbeatSchema) } });
  }
}

function pageSizeOf(asked: number, usual: number, most: number): number {
  return asked === 0 ? usual : Math.min(asked, most);
}

function noResult(job: Job): string {
  if (job.error) return `Job "${job.id}" has no result, it failed: ${job.error.message}`;
  return job.finishTime ? `Job "${job.id}" was canceled and has no result.` : `Job "${job.id}" has no result yet.`;
}

/** On the host that the caller used; behind a proxy that is what it says in Host. */
function absoluteUrl(path: string, { requestHeader, url }: HandlerContext): string {
  const host = requestHeader.get('host');
  return new URL(path, host ? `${new URL(url).protocol}//${host}` : url).toString();
}
