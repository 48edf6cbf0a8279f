import type { MessagePort } from 'node:worker_threads';
import type { SqliteUpkeep } from './sqlite-upkeep.ts';

/** No call for so long: the thread has time. */
const IDLE_MS = 1_000;
/** While a removal goes on, a pause of this length is enough. */
const SHORT_MS = 20;
/** A thread that always has something to do still takes a step so many pauses after the first call. */
const MOST_PAUSES = 10;
/** While nothing happens: the disk may have room again. */
const REST_MS = 30_000;
/** After a step that failed, which for a full disk is as likely the next time. */
const RETRY_MS = 5_000;

/** Does the upkeep of a database in the pauses between the calls of its thread, as long as the port is open. */
export function keepUp(port: MessagePort, upkeep: Pick<SqliteUpkeep, 'step'>): void {
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = IDLE_MS;
  let calledAt: number | undefined;
  const next = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(step, ms).unref();
  };
  function step(): void {
    calledAt = undefined;
    try {
      const isMore = upkeep.step();
      pauseMs = isMore ? SHORT_MS : IDLE_MS;
      next(isMore ? 0 : REST_MS);
    } catch {
      next(RETRY_MS);
    }
  }
  port.on('message', () => {
    calledAt ??= performance.now();
    if (performance.now() - calledAt < MOST_PAUSES * pauseMs) next(pauseMs);
  });
  port.on('close', () => clearTimeout(timer));
  next(IDLE_MS);
}
