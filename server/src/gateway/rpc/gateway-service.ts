import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import type { GatewayService, KeyFilter } from '#gen/tallystream/v1/gateway_pb.ts';
import { MAX_FILTER_VALUES, MAX_FILTERS } from '../../../../kernel/kernel.ts';
import { callerKey, connectionKey, sharerOf } from '../../access/caller.ts';
import { TallyError } from '../../errors.ts';
import { sharedOutputKey } from '../../rpc/shared-output.ts';
import { boundedJob, LISTED_JOB, SINGLE_JOB } from '../jobs/bounded-job.ts';
import { withResult } from '../jobs/job-result.ts';
import { listSources } from '../jobs/list-sources.ts';
import { createQuestion, headOfSource, type SourceAccess } from '../jobs/new-question.ts';
import { checkNewUpload, type UploadLimits } from '../jobs/new-upload.ts';
import type { JobsOf } from '../jobs/own-jobs.ts';
import type { JobWatches } from '../jobs/watch-jobs.ts';
import type { JobStore, KeyValues } from '../store/job-store.ts';
import { readOrder } from '../store/totals-order.ts';
import { createInspect, SAMPLE_BYTES } from './inspect-csv.ts';

export interface GatewayDependencies {
  jobsOf: JobsOf;
  store: JobStore;
  limits: UploadLimits;
  watches: JobWatches;
  sources: SourceAccess;
}

/** GatewayService over the jobs of this gateway, of which each caller sees its own. */
export function createGatewayService({
  jobsOf,
  store,
  limits,
  watches,
  sources,
}: GatewayDependencies): ServiceImpl<typeof GatewayService> {
  const jobsFor = (context: HandlerContext) => {
    const caller = context.values.get(callerKey);
    if (!caller) throw new ConnectError('the caller is unknown', Code.Unauthenticated);
    return jobsOf(caller);
  };
  const inspect = createInspect(limits);
  return {
    async inspectCsv(request, context) {
      const { values, signal } = context;
      const caller = sharerOf(values.get(callerKey) ?? {});
      if (request.source === '') return await inspect(request, caller, signal);
      const found = await headOfSource(jobsFor(context), request.source, SAMPLE_BYTES, sources, signal);
      const sample = { sample: found.head, complete: found.isWhole, filename: '' };
      const response = await inspect({ ...request, ...sample }, caller, signal);
      return { ...response, sourceBytes: BigInt(found.bytes), sourceFiles: found.files };
    },

    async createJob({ filename, sizeBytes, options, source }, context) {
      if (source !== '') {
        const question = { source, filename, options };
        return {
          job: boundedJob(await createQuestion(jobsFor(context), question, sources, context.signal), SINGLE_JOB),
        };
      }
      const size = sizeBytes === undefined ? undefined : Number(sizeBytes);
      const upload = await checkNewUpload({ filename, sizeBytes: size, options, contentEncoding: '' }, limits);
      const job = await jobsFor(context).create({ ...upload, isResumable: true });
      return { job, uploadUrl: job.uploadUrl && absoluteUrl(job.uploadUrl, context) };
    },

    async getJob({ id }, context) {
      return { job: boundedJob((await jobsFor(context).get(id)).job, SINGLE_JOB) };
    },

    async listJobs({ pageSize, pageToken, states }, context) {
      const jobs = jobsFor(context);
      const query = { pageSize: pageSizeOf(pageSize, 50, 1000), pageToken, states };
      const page = await jobs.list(query, jobs.reader(context.signal));
      return { ...page, jobs: page.jobs.map((job) => boundedJob(job, LISTED_JOB)) };
    },

    watchJobs: ({ ids }, context) =>
      watches.watch({
        ids,
        jobs: jobsFor(context),
        signal: context.signal,
        connection: context.values.get(connectionKey),
        output: context.values.get(sharedOutputKey),
      }),

    async cancelJob({ id }, context) {
      return { job: boundedJob(await jobsFor(context).cancel(id), SINGLE_JOB) };
    },

    async retryJob({ id, options }, context) {
      return { job: await jobsFor(context).retry(id, options) };
    },

    async deleteJob({ id }, context) {
      await jobsFor(context).delete(id);
      return {};
    },

    async listTotals({ jobId, pageSize, pageToken, orderBy, search, keys }, context) {
      const jobs = jobsFor(context);
      const { resultId } = await withResult(jobs, jobId);
      const size = pageSizeOf(pageSize, 100, 10_000);
      const query = { ...readOrder(orderBy, 'order_by'), search, keys: keyValues(keys), pageSize: size, pageToken };
      return await store.listTotals(resultId, query, jobs.reader(context.signal));
    },

    async listRejects({ jobId, pageSize, pageToken, reasons }, context) {
      const jobs = jobsFor(context);
      const { resultId, partialResultId } = await jobs.get(jobId);
      const from = partialResultId ?? resultId;
      if (from === 0) return {};
      const query = { reasons, pageSize: pageSizeOf(pageSize, 100, 1000), pageToken };
      const page = await store.listRejects(from, query, jobs.reader(context.signal));
      return { ...page, totalSize: BigInt(page.totalSize) };
    },

    async listSources({ folder, pageSize, pageToken }, { signal, values }) {
      const release = await sources.lookUps.acquire(signal, sharerOf(values.get(callerKey) ?? {}));
      try {
        return await listSources({ folder, pageSize: pageSizeOf(pageSize, 100, 1000), pageToken }, sources.allowed);
      } finally {
        release();
      }
    },
  };
}

/** The values of groups that are wanted. @throws {@link TallyError} REQUEST_INVALID for too many */
function keyValues(keys: readonly KeyFilter[]): KeyValues[] {
  const count = keys.reduce((sum, { values }) => sum + values.length, 0);
  if (keys.length > MAX_FILTERS || count > MAX_FILTER_VALUES) {
    throw new TallyError(
      'REQUEST_INVALID',
      `keys has ${keys.length} filters of ${count} values: at most ${MAX_FILTERS} of ${MAX_FILTER_VALUES} are allowed.`,
    );
  }
  return keys.map(({ index, values }) => ({ index, values }));
}

function pageSizeOf(asked: number, usual: number, most: number): number {
  return asked === 0 ? usual : Math.min(asked, most);
}

/** On the host that the caller used; behind a proxy that is the value of its Host. */
function absoluteUrl(path: string, { requestHeader, url }: HandlerContext): string {
  const host = requestHeader.get('host');
  return new URL(path, host ? `${new URL(url).protocol}//${host}` : url).toString();
}
