/** More of what a caller sent stands in no message: enough to know it again. */
const MAX_CHARACTERS = 60;

/** A text of a caller as it may stand in a message: in quotation marks, cut off if it is long. */
export function quoted(text: string): string {
  if (text.length <= MAX_CHARACTERS) return `"${text}"`;
  // Not through the middle of a character of two code units.
  return `"${text.slice(0, MAX_CHARACTERS).replace(/[\ud800-\udbff]$/, '')}…"`;
}
