import type { CsvOptions } from '#gen/tallystream/v1/processor_pb.ts';
import { quoted } from '../../bytes/quoted.ts';
import { TallyError } from '../../errors.ts';
import { OPTION_NAMES, readUploadOptions } from '../../process-csv/csv-options.ts';

/** Where clients put the name: tus-js-client and tusd's examples in the first, Uppy in both. */
const NAME_KEYS = ['filename', 'name'];
/** The texts that JavaScript makes of a name that is not there. */
const NO_NAMES = ['', 'null', 'undefined'];
/** A shorter word is one letter away from too many others. */
const LEAST_FOR_TYPING_ERROR = 8;

/**
 * Reads what a client of tus says about its upload. Clients that know nothing of this server send what they like
 * (`relativePath`, `type`, fields of a form), which is left out. A key that looks like a misspelt option is refused:
 * left out, it would give wrong totals.
 *
 * @throws {@link TallyError} OPTION_INVALID
 */
export function readTusMetadata(metadata: Record<string, string | null>): { filename: string; options: CsvOptions } {
  const names = NAME_KEYS.map((key) => metadata[key] ?? '');
  const pairs = Object.entries(metadata).map(([key, value]): [string, string] => [key, value ?? '']);
  const options = pairs.filter(([key]) => {
    if (OPTION_NAMES.includes(key)) return true;
    const meant = optionLike(key);
    if (meant) throw new TallyError('OPTION_INVALID', `There is no option ${quoted(key)}: did you mean ${meant}?`);
    return false;
  });
  return { filename: names.find((name) => !NO_NAMES.includes(name)) ?? '', options: readUploadOptions(options) };
}

/** The option that a key is, but for case, `-` and `_`, or one typing error. */
function optionLike(key: string): string | undefined {
  const plain = plainOf(key);
  return OPTION_NAMES.find((name) => {
    const option = plainOf(name);
    return option === plain || (option.length >= LEAST_FOR_TYPING_ERROR && isOneErrorAway(plain, option));
  });
}

function plainOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Whether a word becomes another by one letter more, less or other, or by two that change places. */
function isOneErrorAway(word: string, other: string): boolean {
  if (Math.abs(word.length - other.length) > 1) return false;
  let start = 0;
  while (start < word.length && word[start] === other[start]) start++;
  const [rest, otherRest] = [word.slice(start), other.slice(start)];
  return (
    rest.slice(1) === otherRest ||
    rest === otherRest.slice(1) ||
    rest.slice(1) === otherRest.slice(1) ||
    (rest.slice(2) === otherRest.slice(2) && rest[0] === otherRest[1] && rest[1] === otherRest[0])
  );
}
