import { preparationTexts } from '../texts-of-questions.ts';

/** A choice of a setting. */
export interface Choice {
  value: string;
  text: string;
}

/**
 * The choices of a setting, of which the first leaves it to detection.
 *
 * @param words of the usual values
 * @param chosen is listed in any case: another tool may have set what the page does not offer
 * @param found the detected value, in words
 */
export function listChoices(
  words: Readonly<Record<string, string>>,
  chosen: string,
  found: string | undefined,
): Choice[] {
  const usual = Object.entries(words).map(([value, text]) => ({ value, text }));
  const other = chosen === '' || chosen in words ? [] : [{ value: chosen, text: chosen }];
  return [{ value: '', text: preparationTexts.automatic(chosen === '' ? (found ?? '') : '') }, ...usual, ...other];
}

/** Encodings worth offering beside what is detected. */
export const encodings: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-15', 'windows-1250', 'windows-1251', 'shift_jis'],
    ...['gb18030', 'big5', 'euc-kr'],
  ].map((name) => [name, name.toUpperCase()]),
);
