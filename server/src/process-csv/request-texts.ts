import type { DescEnum, DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { CsvOptionsSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { quoted } from '../bytes/quoted.ts';
import { type ErrorCode, TallyError } from '../errors.ts';

const SEARCH_LENGTH = 1_000;
/** How many characters a text of a request may have, as its meaning needs. */
const TEXT_LENGTHS: Record<string, number> = {
  // A UUID has 36.
  id: 100,
  ids: 100,
  job_id: 100,
  order_by: 100,
  search: SEARCH_LENGTH,
  // A name that is too long to be shown is cut; a path with its folders comes, too.
  filename: 16 * 1024,
  // A path may have 4,096 bytes, each of them three characters in a URL.
  source: 12 * 1024,
  folder: 12 * 1024,
  // It names the last row of a page, in base64, and a department may be nearly as long as a record of 1 MiB.
  page_token: 1024 * 1024,
  // One character or a word.
  delimiter: 20,
  quote: 20,
  header: 20,
  decimal_separator: 20,
  group_separator: 20,
  negative_amounts: 20,
  encoding: 100,
  department_column: 4_000,
  amount_column: 4_000,
  group_by: 4_000,
  column: 4_000,
  // Of a product two.
  amounts: 8_001,
  // All values of a question together are bounded, too.
  values: 16 * 1024,
};
/** Of a field that is not named above. */
const USUAL_LENGTH = 1_000;
/** How many values a list of a request may have: as many as the largest page of jobs. */
const MAX_VALUES = 1_000;

/**
 * Checks the texts of a request, and those of the options in it, and the numbers of enums: those that do not exist are
 * known to nobody, and a filter would silently become another.
 *
 * @throws {@link TallyError} REQUEST_INVALID, OPTION_INVALID for one that is too long or does not exist, or for a list
 * with too many
 */
export function checkTexts(schema: DescMessage, message: Message, isInOptions = false): void {
  const isOptions = isInOptions || schema.typeName === CsvOptionsSchema.typeName;
  for (const field of schema.fields) {
    const value = fieldValue(field, message);
    const [name, code]: [string, ErrorCode] = isOptions
      ? [field.jsonName, 'OPTION_INVALID']
      : [field.name, 'REQUEST_INVALID'];
    const limit = TEXT_LENGTHS[field.name] ?? USUAL_LENGTH;
    if (typeof value === 'string') checkText(name, value, limit, code);
    else if (Array.isArray(value)) checkList(name, value, limit, code);
    if (field.enum && field.fieldKind !== 'map' && value !== undefined) checkEnum(field, field.enum, value);
    if (field.fieldKind === 'message' && value !== undefined) checkTexts(field.message, value as Message, isOptions);
    if (field.fieldKind === 'list' && field.message) {
      for (const each of value as Message[]) checkTexts(field.message, each, isOptions);
    }
  }
}

function fieldValue(field: DescField, message: Message): unknown {
  const values = message as unknown as Record<string, unknown>;
  if (!field.oneof) return values[field.localName];
  const chosen = values[field.oneof.localName] as { case: string | undefined; value?: unknown };
  return chosen.case === field.localName ? chosen.value : undefined;
}

/** Checks the search of a download, which is that of ListTotals. @throws {@link TallyError} REQUEST_INVALID */
export function checkSearch(search: string): void {
  checkText('search', search, SEARCH_LENGTH, 'REQUEST_INVALID');
}

function checkList(name: string, values: unknown[], limit: number, code: ErrorCode): void {
  if (values.length > MAX_VALUES) {
    throw new TallyError(code, `${name} has ${values.length} values: at most ${MAX_VALUES} are allowed.`);
  }
  for (const value of values) if (typeof value === 'string') checkText(name, value, limit, code);
}

function checkEnum(field: DescField, type: DescEnum, value: unknown): void {
  for (const each of Array.isArray(value) ? value : [value]) {
    if (!type.values.some(({ number }) => number === each)) throw unknownEnumValue(field, type, String(each));
  }
}

function checkText(name: string, text: string, limit: number, code: ErrorCode): void {
  if (text.length <= limit) return;
  const message = `${name} is ${quoted(text)} and has ${text.length} characters: at most ${limit} are allowed.`;
  throw new TallyError(code, message);
}

/** The error about a value of an enum that does not exist. */
export function unknownEnumValue(field: DescField, type: DescEnum, value: string): TallyError {
  const names = type.values.map(({ name }) => name).join(', ');
  return new TallyError('REQUEST_INVALID', `${field.name} has the value ${value}, which does not exist: use ${names}.`);
}
