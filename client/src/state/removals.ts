import { createStore, produce } from 'solid-js/store';

/** Deleting with a way back: a job goes out of sight at once, and from the server when nobody has called it back. */
export interface Removals {
  /** Whether a job is out of sight. */
  has(id: string): boolean;
  /** Takes a job out of sight, and erases it after a while. */
  remove(id: string): void;
  /** Calls a job back; does nothing if it is erased already. */
  undo(id: string): void;
  /** Erases at once what is only out of sight: the page is closing. */
  flush(): void;
}

/**
 * Makes {@link Removals}.
 *
 * @param erase does it; a job that it rejects for is in sight again
 * @param undoMs how long it waits for that
 */
export function createRemovals(erase: (id: string) => Promise<void>, undoMs: number): Removals {
  const [hidden, setHidden] = createStore<Record<string, true>>({});
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const show = (id: string) => setHidden(produce((draft) => delete draft[id]));

  function eraseNow(id: string): void {
    clearTimeout(timers.get(id));
    if (timers.delete(id))
      void erase(id).then(
        () => show(id),
        () => show(id),
      );
  }

  return {
    has: (id) => hidden[id] === true,
    remove(id) {
      if (timers.has(id)) return;
      setHidden(id, true);
      timers.set(
        id,
        setTimeout(() => eraseNow(id), undoMs),
      );
    },
    undo(id) {
      clearTimeout(timers.get(id));
      if (timers.delete(id)) show(id);
    },
    flush() {
      for (const id of [...timers.keys()]) eraseNow(id);
    },
  };
}
