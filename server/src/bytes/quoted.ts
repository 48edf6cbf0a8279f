import { beginningOf } from './beginning-of.ts';

/** More of what a caller sent stands in no message: enough to know it again. */
const MAX_CHARACTERS = 60;

/** A text of a caller as it may stand in a message: in quotation marks, cut off if it is long. */
export function quoted(text: string): string {
  return `"${beginningOf(text, MAX_CHARACTERS)}${text.length > MAX_CHARACTERS ? '…' : ''}"`;
}
