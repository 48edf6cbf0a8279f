/** Runs tasks of which only the newest may answer: each start aborts the one before, and its answer is dropped. */
export interface Latest {
  /** Starts a task. Resolves to its value, or to `stale` if another has started since; a stale failure is dropped too. */
  run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T | typeof stale>;
  /** Aborts the running task. */
  stop(): void;
}

/** The result of {@link Latest.run} for a task that was overtaken. */
export const stale = Symbol('stale');

/** Makes a {@link Latest}. */
export function makeLatest(): Latest {
  let current: AbortController | undefined;
  return {
    async run(task) {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      try {
        const value = await task(mine.signal);
        return mine.signal.aborted ? stale : value;
      } catch (error) {
        if (mine.signal.aborted) return stale;
        throw error;
      }
    },
    stop() {
      current?.abort();
      current = undefined;
    },
  };
}
