import { create, toBinary, toJsonString } from '@bufbuild/protobuf';
import {
  HeartbeatSchema,
  type Job,
  JobsSnapshotSchema,
  type WatchJobsResponse,
  WatchJobsResponseSchema,
} from '#gen/tallystream/v1/gateway_pb.ts';
import { type MessageFormat, SharedMessage, type SharedOutput } from '../../rpc/shared-output.ts';
import { boundedJob, LISTED_JOB } from './bounded-job.ts';
import type { JobHub, JobNews } from './job-hub.ts';
import { JobSnapshots } from './job-snapshots.ts';
import type { OwnJobs } from './own-jobs.ts';

/** Jobs in the first message to a watcher of all jobs. */
const SNAPSHOT_JOBS = 1000;
/** Stands for a shared message on its way through Connect. */
const PLACEHOLDER = create(WatchJobsResponseSchema);

/** A message of WatchJobs, made and serialised when the first of its receivers wants it. */
interface Event {
  message(): WatchJobsResponse;
  shared: SharedMessage;
}

/** A call of WatchJobs. */
export interface JobWatch {
  /** None means all, those that are made later too. */
  ids: string[];
  jobs: OwnJobs;
  signal: AbortSignal;
  /** The connection that the call came by. */
  connection: object | undefined;
  /** Where shared messages go, if they can be sent. */
  output: SharedOutput | undefined;
}

/** Serves WatchJobs: a snapshot and a change are serialised once for all watchers that may see them. */
export class JobWatches {
  readonly #snapshots: JobSnapshots<Event>;
  readonly #news = new WeakMap<JobNews, Event>();
  #serializations = 0;

  constructor(hub: JobHub) {
    this.#snapshots = new JobSnapshots(hub, (jobs) => this.#event(() => toSnapshot(jobs)));
  }

  /** How many messages were serialised from the start on. */
  get serializations(): number {
    return this.#serializations;
  }

  /** @throws TallyError TOO_MANY_REQUESTS; the reason of the signal */
  async *watch({ ids, jobs, signal, connection, output }: JobWatch): AsyncGenerator<WatchJobsResponse> {
    const send = (event: Event) => {
      if (!output) return event.message();
      output.push(event.shared);
      return PLACEHOLDER;
    };
    // Watch first and look then, so that nothing falls in between.
    const news = jobs.watch(ids.length > 0 ? new Set(ids) : undefined, signal, connection);
    if (ids.length === 0) {
      const { value, since } = await this.#snapshots.of(jobs.owner, () => jobs.newest(SNAPSHOT_JOBS));
      news.catchUp(since);
      yield send(value);
    } else {
      const known = await jobs.some(ids, signal);
      yield send(this.#event(() => toSnapshot(known)));
      const knownIds = new Set(known.map((job) => job.id));
      for (const id of ids) if (!knownIds.has(id)) yield send(this.#event(() => toResponse({ kind: 'deleted', id })));
    }
    for await (const each of news) yield send(this.#newsEvent(each));
    // News end only with the signal: by a caller that is gone, or a server that stops and says so.
    signal.throwIfAborted();
  }

  #newsEvent(news: JobNews): Event {
    let event = this.#news.get(news);
    if (!event) {
      event = this.#event(() => toResponse(news));
      this.#news.set(news, event);
    }
    return event;
  }

  #event(make: () => WatchJobsResponse): Event {
    let message: WatchJobsResponse | undefined;
    const get = () => (message ??= make());
    const shared = new SharedMessage((format) => {
      this.#serializations++;
      return serialize(get(), format);
    });
    return { message: get, shared };
  }
}

function toSnapshot(jobs: Job[]): WatchJobsResponse {
  const snapshot = create(JobsSnapshotSchema, { jobs: jobs.map((job) => boundedJob(job, LISTED_JOB)) });
  return create(WatchJobsResponseSchema, { event: { case: 'snapshot', value: snapshot } });
}

function toResponse(news: JobNews): WatchJobsResponse {
  switch (news.kind) {
    case 'job':
      return create(WatchJobsResponseSchema, { event: { case: 'job', value: boundedJob(news.job, LISTED_JOB) } });
    case 'deleted':
      return create(WatchJobsResponseSchema, { event: { case: 'deletedId', value: news.id } });
    case 'heartbeat':
      return create(WatchJobsResponseSchema, { event: { case: 'heartbeat', value: create(HeartbeatSchema) } });
  }
}

function serialize(message: WatchJobsResponse, format: MessageFormat): Uint8Array {
  if (format === 'binary') return toBinary(WatchJobsResponseSchema, message);
  return Buffer.from(toJsonString(WatchJobsResponseSchema, message, { alwaysEmitImplicit: true }));
}
