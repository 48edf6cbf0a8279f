import { fromJson, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import { type CsvOptions, CsvOptionsSchema, type RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';
import { readFilter } from './filter-text.ts';
import { checkTexts } from './request-texts.ts';

/** The names of options in queries, forms and the metadata of tus. */
export const OPTION_NAMES = CsvOptionsSchema.fields.map((field) => field.jsonName);
/** Had effect before there was `negativeAmounts`. */
const OLD_NEGATIVE = 'allowNegative';
const FLAG_VALUES = new Map([
  ['true', true],
  ['1', true],
  ['', true],
  ['false', false],
  ['0', false],
]);
const FLAGS = [OLD_NEGATIVE, 'trim'];

/**
 * Reads options out of text pairs, as in a query or a form.
 *
 * @throws {@link TallyError} OPTION_INVALID for a name that does not exist or a value that is not allowed: a typing
 * error that was ignored would give wrong totals
 */
export function readUploadOptions(pairs: Iterable<[string, string]>): CsvOptions {
  const json: JsonObject = {};
  const where: RowFilter[] = [];
  for (const [name, value] of pairs) {
    if (!OPTION_NAMES.includes(name)) {
      throw new TallyError(
        'OPTION_INVALID',
        `There is no option ${quoted(name)}: use filename, ${OPTION_NAMES.join(', ')}.`,
      );
    }
    if (name === 'groupBy' || name === 'amounts') json[name] = [...((json[name] ?? []) as string[]), value];
    else if (name === 'where') where.push(readFilter(value));
    else if (name === 'skipLines') json[name] = readCount(name, value);
    else if (name === OLD_NEGATIVE) json['negativeAmounts'] ??= readFlag(name, value) ? 'count' : 'reject';
    else json[name] = FLAGS.includes(name) ? readFlag(name, value) : value;
  }
  try {
    const options = fromJson(CsvOptionsSchema, json);
    options.where = where;
    checkTexts(CsvOptionsSchema, options);
    return options;
  } catch (error) {
    if (error instanceof TallyError) throw error;
    throw new TallyError('OPTION_INVALID', `An option has a value that is not allowed: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/** A whole number, or null for `auto`, as in the other options. */
function readCount(name: string, value: string): JsonValue {
  if (value === '' || value === 'auto') return null;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new TallyError('OPTION_INVALID', `${name} is ${quoted(value)}: use a whole number of at least 0, or auto.`);
}

function readFlag(name: string, value: string): JsonValue {
  const flag = FLAG_VALUES.get(value);
  if (flag === undefined) throw new TallyError('OPTION_INVALID', `${name} is ${quoted(value)}: use true or false.`);
  return flag;
}
