import { type Accessor, batch, createMemo, createSignal, type Signal } from 'solid-js';
import { createStore, produce, reconcile } from 'solid-js/store';
import type { Job, WatchJobsResponse } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Course } from '#gen/tallystream/v1/processor_pb.ts';
import type { Gateway } from '../api/gateway.ts';
import { toMillis } from '../format/timestamp.ts';
import { isRunning } from './job-phase.ts';
import { type Figures, type Meter, makeMeter, noFigures } from './meter.ts';
import { makeWatch, type WatchStatus } from './watch.ts';

/** The jobs of the server, kept up to date by one stream. */
export interface Jobs {
  /** How the stream stands. */
  status: Accessor<WatchStatus>;
  /** True once the jobs are known. */
  isLoaded: Accessor<boolean>;
  /** The ids, newest first. */
  ids: Accessor<string[]>;
  /** One job; undefined if it is not known. */
  find(id: string): Job | undefined;
  /** The measured figures of a job. */
  figures(id: string): Figures;
  /** How fast a job went since this page first saw it; see {@link Meter}. Changes with the figures. */
  speeds(id: string): ReturnType<Meter['speeds']>;
  /** The sums over time of a job while it runs; undefined if none have come. */
  course(id: string): Course | undefined;
  /** Takes a job that was just made, unless the stream has told of it already: that is newer than the answer. */
  add(job: Job): void;
  /**
   * Makes a call that answers with a job as it is then, and takes it, unless the stream brings news of that job before the
   * answer: the two are not in order. Throws what the call throws.
   */
  ask(id: string, call: () => Promise<{ job?: Job | undefined }>): Promise<void>;
  /** Forgets a job. */
  drop(id: string): void;
  /** Loads a job that the stream did not bring, because it is too old. Throws what `GetJob` throws. */
  load(id: string, signal: AbortSignal): Promise<void>;
  /** Forgets all jobs and asks for them anew: somebody else may be looking. */
  restart(): void;
  /** Is told of every job that has changed or was deleted. */
  onChange(listener: (id: string, job: Job | undefined) => void): void;
  /** Connects again at once if the stream is down. */
  wake(): void;
  /** Ends the stream. */
  stop(): void;
}

interface State {
  status: WatchStatus;
  isLoaded: boolean;
  jobs: Record<string, Job>;
  figures: Record<string, Figures>;
}

/** Rates and waiting times go on while no message comes. */
const tickMs = 1000;

/** Opens the stream and makes the {@link Jobs}. */
export function createJobs(gateway: Gateway): Jobs {
  const [state, setState] = createStore<State>({ status: 'connecting', isLoaded: false, jobs: {}, figures: {} });
  const meters = new Map<string, Meter>();
  const courses = new Map<string, Signal<Course | undefined>>();
  /** How often the stream has told of a job. */
  const news = new Map<string, number>();
  const listeners: ((id: string, job: Job | undefined) => void)[] = [];

  function measure(job: Job): void {
    const meter = meters.get(job.id) ?? makeMeter();
    meters.set(job.id, meter);
    // A copy: the store writes into the objects that it is given.
    setState('figures', job.id, { ...meter.update(job, performance.now()) });
  }

  function put({ course, ...job }: Job): void {
    batch(() => {
      // Not into the store, which would compare each of its texts. It comes now and then.
      if (course !== undefined || !isRunning(job.state)) setCourse(job.id, course);
      // `top` is matched by department, so that the bar of a department stays the same element.
      setState('jobs', job.id, reconcile(job, { key: 'department' }));
      measure(job);
    });
    callListeners(job.id, job);
  }

  function setCourse(id: string, course: Course | undefined): void {
    if (course === undefined && !courses.has(id)) return;
    courseOf(id)[1](course);
  }

  function courseOf(id: string): Signal<Course | undefined> {
    const known = courses.get(id);
    if (known !== undefined) return known;
    const made = createSignal<Course>();
    courses.set(id, made);
    return made;
  }

  function forget(id: string): void {
    meters.delete(id);
    courses.delete(id);
    setState(
      produce((draft) => {
        delete draft.jobs[id];
        delete draft.figures[id];
      }),
    );
  }

  function drop(id: string): void {
    forget(id);
    callListeners(id, undefined);
  }

  /** One that fails must not keep the news from the others, nor end the stream. */
  function callListeners(id: string, job: Job | undefined): void {
    for (const listener of listeners) {
      try {
        listener(id, job);
      } catch (error) {
        reportError(error);
      }
    }
  }

  function tellOf(id: string, job: Job | undefined): void {
    news.set(id, (news.get(id) ?? 0) + 1);
    if (job === undefined) drop(id);
    else put(job);
  }

  function onEvent(event: WatchJobsResponse['event']): void {
    if (event.case === 'job') tellOf(event.value.id, event.value);
    if (event.case === 'deletedId') tellOf(event.value, undefined);
    if (event.case !== 'snapshot') return;
    const { jobs } = event.value;
    batch(() => {
      const present = new Set(jobs.map(({ id }) => id));
      // Deleted meanwhile, or older than what a snapshot holds.
      for (const id of Object.keys(state.jobs)) if (!present.has(id)) forget(id);
      for (const job of jobs) tellOf(job.id, job);
      setState('isLoaded', true);
    });
  }

  async function ask(id: string, call: () => Promise<{ job?: Job | undefined }>): Promise<void> {
    const before = news.get(id);
    const { job } = await call();
    if (job !== undefined && news.get(id) === before) put(job);
  }

  const watch = makeWatch({
    open: (signal) => gateway.watchJobs({}, { signal }),
    onEvent,
    onStatus: (status) => setState('status', status),
  });
  const tick = setInterval(() => {
    batch(() => {
      for (const job of Object.values(state.jobs)) if (isRunning(job.state)) measure(job);
    });
  }, tickMs);

  const ids = createMemo(() =>
    Object.values(state.jobs)
      .map((job) => ({ id: job.id, at: job.createTime === undefined ? 0 : toMillis(job.createTime) }))
      .sort((a, b) => b.at - a.at || b.id.localeCompare(a.id))
      .map(({ id }) => id),
  );

  return {
    status: () => state.status,
    isLoaded: () => state.isLoaded,
    ids,
    find: (id) => state.jobs[id],
    figures: (id) => state.figures[id] ?? noFigures,
    course: (id) => courseOf(id)[0](),
    speeds: (id) => meters.get(id)?.speeds() ?? [[], []],
    add(job) {
      if (state.jobs[job.id] === undefined) put(job);
    },
    drop,
    ask,
    load: (id, signal) => ask(id, () => gateway.getJob({ id }, { signal })),
    onChange: (listener) => listeners.push(listener),
    wake: watch.wake,
    restart() {
      batch(() => {
        for (const id of Object.keys(state.jobs)) forget(id);
        setState('isLoaded', false);
      });
      watch.restart();
    },
    stop() {
      clearInterval(tick);
      watch.stop();
    },
  };
}
