import { beginningOf } from './beginning-of.ts';

/** No message quotes more of a caller's text than this: enough to recognise it. */
const MAX_CHARACTERS = 60;

/** A text of a caller as it may stand in a message: in quotation marks, cut off if it is long. */
export function quoted(text: string): string {
  return `"${beginningOf(text, MAX_CHARACTERS)}${text.length > MAX_CHARACTERS ? '…' : ''}"`;
}
