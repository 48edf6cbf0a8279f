import { createStore, produce } from 'solid-js/store';

/**
 * Deleting with a way back: a job goes out of sight at once, and from the server when it is clear that nobody calls it
 * back. How long that takes is not decided here.
 */
export interface Removals {
  /** Whether a job is out of sight. */
  has(id: string): boolean;
  /** Takes a job out of sight. */
  remove(id: string): void;
  /** How many jobs can be called back. */
  waiting(): number;
  /** Calls all of them back, and gives their ids. */
  undo(): string[];
  /** Erases all of them. */
  flush(): void;
}

/**
 * Makes {@link Removals}.
 *
 * @param erase does it; a job that it rejects for is in sight again
 */
export function createRemovals(erase: (id: string) => Promise<void>): Removals {
  const [hidden, setHidden] = createStore<Record<string, true>>({});
  const waiting = new Set<string>();
  const show = (id: string) => setHidden(produce((draft) => delete draft[id]));

  function takeAll(): string[] {
    const ids = [...waiting];
    waiting.clear();
    return ids;
  }

  return {
    has: (id) => hidden[id] === true,
    remove(id) {
      if (hidden[id]) return;
      waiting.add(id);
      setHidden(id, true);
    },
    waiting: () => waiting.size,
    undo() {
      const ids = takeAll();
      ids.forEach(show);
      return ids;
    },
    flush() {
      for (const id of takeAll()) {
        void erase(id).then(
          () => show(id),
          () => show(id),
        );
      }
    },
  };
}
