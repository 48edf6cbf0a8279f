import type { Log } from './log.ts';

/** Whether a process can take work; if not, why, in words that may be read by anybody. */
export type Readiness = { isReady: true } | { isReady: false; reason: string };

export type AskReadiness = () => Promise<Readiness>;

export const READY: Readiness = { isReady: true };

export function notReady(reason: string): Readiness {
  return { isReady: false, reason };
}

/** Of a server that was told to stop. */
export const STOPPING = notReady('the server is stopping');

/** An answer is good for this long: probes come every second or less often, and a flood of them costs two questions a second. */
const FRESH_MS = 500;

/**
 * Makes a costly question one that anybody may ask: callers at the same time, or soon after, get the same
 * answer. The log tells when the answer changes.
 *
 * @param ask must end by itself; an error that it throws counts as not ready, without its text
 * @param now a monotonic clock, in milliseconds
 */
export function sharedReadiness(
  ask: AskReadiness,
  log: Log,
  now: () => number = () => performance.now(),
): AskReadiness {
  let asking: Promise<Readiness> | undefined;
  let answeredAt = Number.NEGATIVE_INFINITY;
  let last: Readiness | undefined;
  const refresh = async () => {
    const answer = await ask().catch((err) => {
      log.error({ err }, 'readiness could not be determined');
      return notReady('the server cannot tell: see its log');
    });
    if (!answer.isReady && (last?.isReady ?? true)) log.warn({ reason: answer.reason }, 'not ready');
    if (answer.isReady && last?.isReady === false) log.info('ready again');
    last = answer;
    answeredAt = now();
    asking = undefined;
    return answer;
  };
  return async () => {
    if (last && now() - answeredAt < FRESH_MS) return last;
    asking ??= refresh();
    return await asking;
  };
}
