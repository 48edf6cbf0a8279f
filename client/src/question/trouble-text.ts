import { questionTexts } from '../texts-of-questions.ts';
import type { BoundFormat } from './bound.ts';
import type { Trouble } from './filter-draft.ts';

/** The obstacle to a filter in words, with what to do about it. */
export function troubleText(trouble: Trouble, kind: BoundFormat['kind']): string {
  const words = questionTexts.trouble;
  switch (trouble.kind) {
    case 'unread':
      return `${words.unread[kind](trouble.text)} ${questionTexts.forms[kind]}`;
    case 'unclear':
      return words.unclear(trouble.text);
    case 'mixed':
      return words.mixed;
    case 'reversed':
      return words.reversed;
  }
}
