/** The first wait before connecting again. */
const firstMs = 500;
/** No wait is longer: someone is looking at the page. */
const longestMs = 15_000;

/**
 * How long to wait before attempt `attempt` (0 is the first after a loss): doubling, with half of it random so that
 * the tabs of a whole office do not come back at the same moment.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 20));
  return full / 2 + (full / 2) * random();
}
