import { Code, ConnectError } from '@connectrpc/connect';
import { TallyError } from '../../server/src/errors.ts';
import { OutputError } from '../../terminal/output.ts';
import { InputError } from './input.ts';
import { OPTION_NAMES, UsageError } from './settings.ts';

/** Words of the API and what they are called here. */
const WORDS: [RegExp, string][] = [
  ...Object.entries(OPTION_NAMES).map(([apiName, option]): [RegExp, string] => [
    // `header` and the like are words too.
    new RegExp(/[A-Z]/.test(apiName) ? `\\b${apiName}\\b` : `\\b${apiName}(?= is ")|(?<=\\bset )${apiName}\\b`, 'g'),
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

/** Whether an error is one that a user should read about; any other is a mistake of this program. */
export function isKnown(error: unknown): error is Error {
  return [UsageError, InputError, OutputError, TallyError, ConnectError].some((known) => error instanceof known);
}

/** An error in the words of the command line, and whether what was asked for is at fault. */
export function explain(error: Error): { message: string; isUsage: boolean } {
  const text = error instanceof ConnectError ? error.rawMessage : error.message;
  const message = inOwnWords(text.trim());
  const isRefused = error instanceof ConnectError && error.code === Code.InvalidArgument;
  // An error about the file names no option.
  const isOption = isRefused && Object.values(OPTION_NAMES).some((option) => message.startsWith(option));
  return { message, isUsage: isOption || error instanceof UsageError };
}
