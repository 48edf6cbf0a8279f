import { texts } from '../texts.ts';

/** Formats seconds with the two largest units that matter: `4.2 s`, `48 s`, `2 min 10 s`, `1 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return texts.duration.seconds(Math.max(0, Math.round(seconds * 10) / 10));
  const whole = Math.round(seconds);
  if (whole < 60) return texts.duration.seconds(whole);
  if (whole < 3600) return texts.duration.minutes(Math.floor(whole / 60), whole % 60);
  const minutes = Math.round(whole / 60);
  return texts.duration.hours(Math.floor(minutes / 60), minutes % 60);
}
