import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { describeError, isNotFound } from '../api/error-text.ts';
import { useApp } from '../app-state.ts';

/** A job that a page is about. */
export interface KnownJob {
  /** Undefined until it is known. */
  job: Accessor<Job | undefined>;
  /** Why the job is not known; undefined while it is looked for. */
  problem: Accessor<{ isMissing: boolean; words: string } | undefined>;
}

/** Finds a job. The stream brings the newest ones; an older one is fetched, again after every reconnect. */
export function createKnownJob(id: Accessor<string>): KnownJob {
  const { jobs } = useApp();
  const job = () => jobs.find(id());
  const [problem, setProblem] = createSignal<{ isMissing: boolean; words: string }>();
  createEffect(
    on([id, jobs.status, () => job() === undefined], ([wanted, status, isUnknown]) => {
      setProblem(undefined);
      if (!isUnknown || status !== 'live') return;
      const abort = new AbortController();
      onCleanup(() => abort.abort());
      jobs.load(wanted, abort.signal).catch((error) => {
        if (!abort.signal.aborted) setProblem({ isMissing: isNotFound(error), words: describeError(error) });
      });
    }),
  );
  return { job, problem };
}
