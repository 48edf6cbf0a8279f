import { Code, ConnectError } from '@connectrpc/connect';
import { TallyError } from '../../server/src/errors.ts';
import { OutputError } from '../../terminal/output.ts';
import { InputError } from './input.ts';
import { inOwnWords } from './own-words.ts';
import { OPTION_NAMES, UsageError } from './settings.ts';

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
