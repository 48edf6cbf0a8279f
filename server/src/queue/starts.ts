import { Lanes, type LanesOptions } from './lanes.ts';

/** Work that waits for its turn to begin. */
export interface Start {
  /** Whether nobody wants it any more. */
  isGone(): boolean;
  begin(): void;
}

/** Begins work in turns, one start of each lane; a start that is gone by its turn is never begun, and costs no turn. */
export class Starts<K> extends Lanes<K, Start> {
  constructor(options: Omit<LanesOptions<Start>, 'serve'>) {
    super({ ...options, serve: beginNext });
  }

  /** Resolves when the turn has come. @throws the signal's reason */
  async turn(lane: K, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    this.add(lane, { isGone: () => signal.aborted, begin: resolve });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }
}

/** Begins the first that is still wanted. @returns whether there was one */
function beginNext(waiting: Start[]): boolean {
  const wanted = waiting.findIndex((start) => !start.isGone());
  const passed = waiting.splice(0, wanted < 0 ? waiting.length : wanted + 1);
  if (wanted >= 0) passed.at(-1)?.begin();
  return wanted >= 0;
}
