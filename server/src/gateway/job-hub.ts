import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { hasEnded } from './job-state.ts';

/** Something that happened to a job. */
export type JobNews = { kind: 'job'; job: Job } | { kind: 'deleted'; id: string } | { kind: 'heartbeat' };

/** Between two messages about the same job to the same watcher. */
const MIN_INTERVAL_MS = 100;
/** What one more watcher adds to that, so that many of them together cost no more than a few: 10 hear ten a second. */
const INTERVAL_PER_WATCHER_MS = 10;
const MAX_INTERVAL_MS = 2_000;
/** Proxies cut streams that are silent for about a minute. */
const HEARTBEAT_MS = 15_000;

class Watcher {
  readonly pending = new Map<string, JobNews>();
  readonly #ids: ReadonlySet<string> | undefined;
  #wake: (() => void) | undefined;
  #hurry: (() => void) | undefined;
  #isUrgent = false;

  constructor(ids: ReadonlySet<string> | undefined) {
    this.#ids = ids;
  }

  tell(id: string, news: JobNews): void {
    if (this.#ids && !this.#ids.has(id)) return;
    this.pending.set(id, news);
    this.#wake?.();
    if (!isUrgent(news)) return;
    this.#isUrgent = true;
    this.#hurry?.();
  }

  /** Takes what is pending. */
  take(): JobNews[] {
    const batch = [...this.pending.values()];
    this.pending.clear();
    this.#isUrgent = false;
    return batch;
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
 * Hands what happens to jobs to everybody who watches; that a job has ended is told at once. A watcher that is slow gets
 * the newest state of each job, not every state in between, so nothing piles up.
 */
export class JobHub {
  readonly #watchers = new Set<Watcher>();

  /** How many watch now. */
  get watchers(): number {
    return this.#watchers.size;
  }

  publish(job: Job): void {
    for (const watcher of this.#watchers) watcher.tell(job.id, { kind: 'job', job });
  }

  publishDeleted(id: string): void {
    for (const watcher of this.#watchers) watcher.tell(id, { kind: 'deleted', id });
  }

  /**
   * All news from the call on, not from the first `next`; ends with the signal.
   *
   * @param ids the jobs to watch, undefined for all
   */
  watch(ids: ReadonlySet<string> | undefined, signal: AbortSignal): AsyncGenerator<JobNews> {
    const watcher = new Watcher(ids);
    this.#watchers.add(watcher);
    signal.addEventListener('abort', () => this.#watchers.delete(watcher), { once: true });
    return this.#follow(watcher, signal);
  }

  async *#follow(watcher: Watcher, signal: AbortSignal): AsyncGenerator<JobNews> {
    try {
      while (!signal.aborted) {
        await watcher.news(signal);
        if (signal.aborted) return;
        const batch = watcher.take();
        if (batch.length === 0) yield { kind: 'heartbeat' };
        yield* batch;
        await watcher.rest(intervalMs(this.#watchers.size), signal);
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }
}

/** Whether it cannot wait until the next message is due: nothing follows it. */
function isUrgent(news: JobNews): boolean {
  return news.kind === 'deleted' || (news.kind === 'job' && hasEnded(news.job.state));
}

/** Between two messages about the same job, if there are so many watchers. */
export function intervalMs(watchers: number): number {
  return Math.min(Math.max(MIN_INTERVAL_MS, watchers * INTERVAL_PER_WATCHER_MS), MAX_INTERVAL_MS);
}

/** Resolves after a time, with the signal, or when what `onWait` got is called. */
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
