import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { TallyError } from '../../errors.ts';
import type { JobRecord } from '../job-record.ts';
import { hasEnded } from '../job-state.ts';

/** Something that happened to a job. */
export type JobNews = { kind: 'job'; job: Job } | { kind: 'deleted'; id: string } | { kind: 'heartbeat' };

/** Which jobs a watcher hears of. */
export interface WatchedJobs {
  /** Only these; undefined for all. */
  ids: ReadonlySet<string> | undefined;
  /** Only those of this owner; undefined for everybody's. */
  owner: string | undefined;
}

type JobOfOwner = Pick<JobRecord, 'job' | 'owner'>;

/** Between two messages about the same job to the same watcher. */
const MIN_INTERVAL_MS = 100;
/** One more watcher adds this much, so that many of them together cost no more than a few: 10 hear ten a second. */
const INTERVAL_PER_WATCHER_MS = 10;
const MAX_INTERVAL_MS = 2_000;
/** Proxies cut streams that are silent for about a minute. */
const HEARTBEAT_MS = 15_000;

/** How many may watch at once: over one connection, for one owner, and in all. */
const MAX_PER_CONNECTION = 500;
const MAX_PER_OWNER = 2_000;
const MAX_WATCHERS = 4_000;

/** The newest news of each job since it was made. All collectors hold the same objects. */
export class Collector {
  readonly pending = new Map<string, JobNews>();
  readonly wanted: WatchedJobs;

  constructor(wanted: WatchedJobs) {
    this.wanted = wanted;
  }

  /** @returns whether these jobs are wanted */
  tell({ job, owner }: JobOfOwner, news: JobNews): boolean {
    const { ids, owner: wantedOwner } = this.wanted;
    if ((ids && !ids.has(job.id)) || (wantedOwner !== undefined && wantedOwner !== owner)) return false;
    this.pending.set(job.id, news);
    return true;
  }
}

class Watcher extends Collector {
  readonly connection: object | undefined;
  #wake: (() => void) | undefined;
  #hurry: (() => void) | undefined;
  #isUrgent = false;

  constructor(wanted: WatchedJobs, connection: object | undefined) {
    super(wanted);
    this.connection = connection;
  }

  override tell(record: JobOfOwner, news: JobNews): boolean {
    if (!super.tell(record, news)) return false;
    this.#wake?.();
    if (!isUrgent(news)) return true;
    this.#isUrgent = true;
    this.#hurry?.();
    return true;
  }

  /**
   * Takes what is pending, each when the one before has gone: whatever happens to a job until then takes the place of
   * what was to be told of it.
   */
  *take(): Generator<[string, JobNews]> {
    this.#isUrgent = false;
    for (let left = this.pending.size; left > 0; left--) {
      const [next] = this.pending;
      if (!next) return;
      this.pending.delete(next[0]);
      yield next;
    }
  }

  /** Lets time pass until the next message is due; urgent news end it. */
  async rest(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#isUrgent) return;
    await pause(ms, signal, (wake) => (this.#hurry = wake));
    this.#hurry = undefined;
  }

  /** Waits for news, at most until the next heartbeat is due or the signal says stop. */
  async news(signal: AbortSignal): Promise<void> {
    if (this.pending.size > 0 || signal.aborted) return;
    await pause(HEARTBEAT_MS, signal, (wake) => (this.#wake = wake));
    this.#wake = undefined;
  }
}

/**
 * Hands the events of jobs to all watchers; the end of a job is told at once. A watcher that is slow gets
 * the newest state of each job, not every state in between, so nothing piles up.
 */
export class JobHub {
  readonly #watchers = new Set<Watcher>();
  readonly #collectors = new Set<Collector>();
  /** News that everybody has been told and nobody has taken yet: they are of the job as it will be then. */
  readonly #unsent = new Map<string, JobNews>();

  /** How many watch now. */
  get watchers(): number {
    return this.#watchers.size;
  }

  publish(record: JobOfOwner): void {
    const { job } = record;
    const news: JobNews = { kind: 'job', job };
    const unsent = this.#unsent.get(job.id);
    // An upload tells of every piece.
    if (unsent?.kind === 'job' && unsent.job === job && !isUrgent(news)) return;
    this.#tell(record, news);
  }

  publishDeleted(record: JobOfOwner): void {
    this.#tell(record, { kind: 'deleted', id: record.job.id });
  }

  #tell(record: JobOfOwner, news: JobNews): void {
    if (this.#collectors.size + this.#watchers.size > 0) this.#unsent.set(record.job.id, news);
    for (const collector of this.#collectors) collector.tell(record, news);
    for (const watcher of this.#watchers) watcher.tell(record, news);
  }

  /** Begins to collect news, until {@link release}. */
  collect(wanted: WatchedJobs): Collector {
    const collector = new Collector(wanted);
    this.#collectors.add(collector);
    this.#unsent.clear();
    return collector;
  }

  release(collector: Collector): void {
    this.#collectors.delete(collector);
  }

  /**
   * All news from the call on, not from the first `next`; ends with the signal.
   *
   * @param connection the connection that the watcher came by
   * @returns the news, and the jobs that they are of, to which older news may be added before the first `next`
   * @throws {@link TallyError} TOO_MANY_REQUESTS
   */
  watch(
    wanted: WatchedJobs,
    signal: AbortSignal,
    connection?: object,
  ): AsyncGenerator<JobNews> & { catchUp(older: Collector): void } {
    this.#checkRoom(wanted.owner, connection);
    const watcher = new Watcher(wanted, connection);
    this.#watchers.add(watcher);
    this.#unsent.clear();
    signal.addEventListener('abort', () => this.#watchers.delete(watcher), { once: true });
    if (signal.aborted) this.#watchers.delete(watcher);
    const catchUp = (older: Collector) => {
      for (const [id, news] of older.pending) if (!watcher.pending.has(id)) watcher.pending.set(id, news);
    };
    return Object.assign(this.#follow(watcher, signal), { catchUp });
  }

  #checkRoom(owner: string | undefined, connection: object | undefined): void {
    const watchers = [...this.#watchers];
    const ofConnection = watchers.filter((watcher) => connection && watcher.connection === connection).length;
    const ofOwner = watchers.filter(({ wanted }) => owner !== undefined && wanted.owner === owner).length;
    if (ofConnection >= MAX_PER_CONNECTION) throw tooManyWatchers(MAX_PER_CONNECTION, 'on one connection');
    if (ofOwner >= MAX_PER_OWNER) throw tooManyWatchers(MAX_PER_OWNER, 'with one key');
    if (watchers.length >= MAX_WATCHERS) throw tooManyWatchers(MAX_WATCHERS, 'on this server');
  }

  async *#follow(watcher: Watcher, signal: AbortSignal): AsyncGenerator<JobNews> {
    try {
      while (!signal.aborted) {
        await watcher.news(signal);
        if (signal.aborted) return;
        if (watcher.pending.size === 0) yield HEARTBEAT;
        for (const [id, news] of watcher.take()) {
          this.#unsent.delete(id);
          yield news;
        }
        await watcher.rest(intervalMs(this.#watchers.size), signal);
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }
}

/** The same for everybody, so that it is encoded once. */
const HEARTBEAT: JobNews = { kind: 'heartbeat' };

function tooManyWatchers(most: number, where: string): TallyError {
  const text = `At most ${most} WatchJobs calls may be open ${where}: one call can watch any number of jobs.`;
  return new TallyError('TOO_MANY_REQUESTS', text);
}

/** Whether it cannot wait until the next message is due: nothing follows it. */
function isUrgent(news: JobNews): boolean {
  return news.kind === 'deleted' || (news.kind === 'job' && hasEnded(news.job.state));
}

/** Between two messages about the same job, if there are so many watchers. */
export function intervalMs(watchers: number): number {
  return Math.min(Math.max(MIN_INTERVAL_MS, watchers * INTERVAL_PER_WATCHER_MS), MAX_INTERVAL_MS);
}

/** Resolves after a time, with the signal, or when the function that `onWait` got is called. */
async function pause(ms: number, signal: AbortSignal, onWait?: (wake: () => void) => void): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    onWait?.(done);
  });
}
