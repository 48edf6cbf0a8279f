import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { texts } from '../texts.ts';

const relative = new Intl.RelativeTimeFormat(texts.language, { numeric: 'auto' });
// In digits only: the names of months would be in the language of the locale.
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' });

/** A timestamp in milliseconds since 1970. */
export function toMillis(timestamp: Timestamp): number {
  return Number(timestamp.seconds) * 1000 + timestamp.nanos / 1e6;
}

/** Says when something was: relative within a day, else its date. */
export function formatWhen(timestamp: Timestamp, nowMs: number): string {
  const at = toMillis(timestamp);
  // A server clock that is a little ahead must not say "in 2 seconds".
  const seconds = Math.max(0, (nowMs - at) / 1000);
  if (seconds < 45) return relative.format(0, 'second');
  if (seconds < 3570) return relative.format(-Math.max(1, Math.round(seconds / 60)), 'minute');
  if (seconds < 86_400) return relative.format(-Math.round(seconds / 3600), 'hour');
  return date.format(at);
}

/** The full date and time. */
export function formatExactTime(timestamp: Timestamp): string {
  return exact.format(toMillis(timestamp));
}

/** Seconds between two timestamps. */
export function secondsBetween(from: Timestamp, to: Timestamp): number {
  return Math.max(0, (toMillis(to) - toMillis(from)) / 1000);
}
