import { OPTION_NAMES } from './settings.ts';

/** Words of the API and what they are called here. */
const WORDS: [RegExp, string][] = [
  ...Object.entries(OPTION_NAMES).map(([apiName, option]): [RegExp, string] => [
    // `header` and the like are words too.
    new RegExp(
      /[A-Z]/.test(apiName)
        ? `\\b${apiName}\\b`
        : `\\b${apiName}(?= is ")|^${apiName}(?= (?:is|has) )|(?<=\\bset )${apiName}\\b|(?<=\\band )${apiName}(?= are both )`,
      'g',
    ),
    option,
  ]),
  [/(compress|pack) and upload it again/, '$1 it again'],
  [/pack the CSV and upload it again/, 'pack the CSV again'],
  [/upload each on its own/, 'sum each on its own'],
  [/upload (that|the CSV|the file)/, 'use $1'],
  [/send it as "Authorization: Bearer KEY" or "X-API-Key: KEY"/, 'give it as in --processor https://:KEY@host'],
];

/** A sentence of the API in the words of the command line. */
export function inOwnWords(sentence: string): string {
  return WORDS.reduce((words, [theirs, ours]) => words.replace(theirs, ours), sentence);
}
