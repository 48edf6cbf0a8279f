import { Code, ConnectError } from '@connectrpc/connect';
import { OutputError } from '../../generator/src/output.ts';
import { TallyError } from '../../server/src/errors.ts';
import { InputError } from './input.ts';
import { OPTION_NAMES, UsageError } from './settings.ts';

/** What a server says to who uploads, and what that is here. */
const WORDS: [RegExp, string][] = [
  ...Object.entries(OPTION_NAMES).map(([apiName, option]): [RegExp, string] => [
    // `header` and the like are words too.
    new RegExp(`\\b${apiName}${/[A-Z]/.test(apiName) ? '\\b' : '(?= is ")'}`, 'g'),
    option,
  ]),
  [/(compress|pack) and upload it again/, '$1 it again'],
  [/pack the CSV and upload it again/, 'pack the CSV again'],
  [/upload each on its own/, 'sum each on its own'],
  [/upload (that|the CSV|the file)/, 'use $1'],
  [/send it as "Authorization: Bearer KEY"/, 'name it as in --processor https://:KEY@host'],
];

/** Whether an error is one that a user should read about; any other is a mistake of this program. */
export function isKnown(error: unknown): error is Error {
  return [UsageError, InputError, OutputError, TallyError, ConnectError].some((known) => error instanceof known);
}

/** An error in the words of the command line, and whether what was asked for is at fault. */
export function explain(error: Error): { message: string; isUsage: boolean } {
  const text = error instanceof ConnectError ? error.rawMessage : error.message;
  const message = WORDS.reduce((sentence, [theirs, ours]) => sentence.replace(theirs, ours), text.trim());
  const isRefused = error instanceof ConnectError && error.code === Code.InvalidArgument;
  // What is wrong with the file names no option.
  const isOption = isRefused && Object.values(OPTION_NAMES).some((option) => message.startsWith(option));
  return { message, isUsage: isOption || error instanceof UsageError };
}
