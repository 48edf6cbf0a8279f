import type { Doubt } from '../doubt.ts';
import type { OpenedText } from '../encoding.ts';
import type { CheckedOptions } from '../options.ts';
import { capital, oppositeSeparator } from '../words.ts';
import type { ColumnFacts } from './column-facts.ts';
import type { ColumnChoice } from './columns.ts';
import type { RecordFormat } from './format.ts';
import type { NumberFormat } from './numbers.ts';
import { ordinal } from './ordinal.ts';
import type { SampleRecord } from './sample-records.ts';
import type { Table } from './table.ts';

/** The doubts that the sample leaves, in sentences. Options are called as in the API. */

/** Said once, instead of doubts about each decision. */
export const NO_NUMBERS =
  'No column holds numbers at the beginning of the file: check that it is a table of amounts, and check the delimiter and the encoding.';

/** Columns that a sentence lists. */
const LISTED = 4;

export function encodingDoubts({ encoding, assumption }: Pick<OpenedText, 'encoding' | 'assumption'>): Doubt[] {
  if (assumption === undefined) return [];
  const because =
    assumption === 'zeros'
      ? 'because of its zero bytes, although it has no byte order mark'
      : 'because it is not valid UTF-8';
  return [
    {
      code: 'ENCODING_ASSUMED',
      message: `The file is read as ${encoding}, ${because}; set encoding if names look wrong.`,
    },
  ];
}

export function skippedDoubt(above: number, given: number): Doubt | undefined {
  if (above === 0) return undefined;
  const lines = above === 1 ? 'The first line is' : `The first ${above} lines are`;
  return {
    code: 'LINES_SKIPPED',
    message: `${lines} left out, because the table seems to begin below; set skipLines to ${given} if that is wrong.`,
  };
}

export function cutRecordDoubt(isCut: boolean): Doubt | undefined {
  if (!isCut) return undefined;
  return {
    code: 'HEADER_UNCERTAIN',
    message: 'The first record is longer than the sample, so its columns are uncertain; check the quote.',
  };
}

export function delimiterDoubt(
  { delimiter, otherDelimiter }: RecordFormat,
  options: CheckedOptions,
): Doubt | undefined {
  if (otherDelimiter === undefined || options.delimiter !== undefined) return undefined;
  return {
    code: 'DELIMITER_UNCERTAIN',
    message: `Fields are separated by ${characterName(delimiter)}, but ${characterName(otherDelimiter)} would explain the file nearly as well; set delimiter if that is the right one.`,
  };
}

export function quoteDoubt(first: SampleRecord): Doubt | undefined {
  if (!first.isFaulty) return undefined;
  return {
    code: 'QUOTE_UNCERTAIN',
    message: 'The first record has a malformed quote; set quote to none if quotes are ordinary characters.',
  };
}

export function headerDoubt({ headerDoubt: message }: Table): Doubt | undefined {
  return message === undefined ? undefined : { code: 'HEADER_UNCERTAIN', message };
}

export function namesDoubt(isAdjusted: boolean): Doubt | undefined {
  if (!isAdjusted) return undefined;
  return {
    code: 'COLUMN_NAMES_ADJUSTED',
    message:
      'The header and the rows have different numbers of columns: names are matched as they fit; check that the columns are right.',
  };
}

export function departmentDoubt(
  names: readonly string[],
  { departmentIndex, otherDepartments }: ColumnChoice,
): Doubt | undefined {
  if (otherDepartments.length === 0) return undefined;
  return {
    code: 'DEPARTMENT_COLUMN_UNCERTAIN',
    message: `Totals are grouped by ${label(names, departmentIndex)}, but ${list(names, otherDepartments)} could be meant; set departmentColumn to choose.`,
  };
}

export function amountDoubts(names: readonly string[], facts: readonly ColumnFacts[], choice: ColumnChoice): Doubt[] {
  const { amountIndex, otherAmounts, emptyAmount, isOddAmount, isWithoutNumbers } = choice;
  const chosen = label(names, amountIndex);
  if (isWithoutNumbers) return [{ code: 'AMOUNT_COLUMN_HAS_NO_NUMBERS', message: NO_NUMBERS }];
  const doubts: Doubt[] = [];
  const uncertain = (message: string) => doubts.push({ code: 'AMOUNT_COLUMN_UNCERTAIN', message });
  if (emptyAmount !== undefined) {
    uncertain(
      `${capital(chosen)} is added up, because ${label(names, emptyAmount)} holds no numbers; set amountColumn to choose.`,
    );
  }
  if (isOddAmount) {
    uncertain(
      `${capital(chosen)} is added up, although such numbers (prices, identifiers, years) usually are not; set amountColumn to choose.`,
    );
  } else if (otherAmounts.length > 0) {
    uncertain(
      `${capital(chosen)} is added up, but ${list(names, otherAmounts)} could be meant; set amountColumn to choose.`,
    );
  }
  const values = facts[amountIndex];
  if (values && values.values > 0 && values.amounts < 0.5) {
    doubts.push({
      code: 'AMOUNT_COLUMN_HAS_NO_NUMBERS',
      message: `Most values of ${chosen}, taken as the amount, are not numbers; set amountColumn to choose another.`,
    });
  }
  return doubts;
}

export function numberDoubts({ decimalSeparator, evidence }: NumberFormat): Doubt[] {
  if (!evidence) return [];
  const { proofs, ambiguous, example, isAgainstOthers } = evidence;
  const ours = String.fromCharCode(decimalSeparator);
  const other = oppositeSeparator(ours);
  if (isAgainstOthers) {
    const message = `The amounts use ${JSON.stringify(ours)} as the decimal separator, but other columns use ${JSON.stringify(other)}; set decimalSeparator to choose.`;
    return [{ code: 'DECIMAL_SEPARATOR_UNCERTAIN', message }];
  }
  if (ambiguous === 0 || proofs > 0) return [];
  const message = ambiguousSentence(example, ours);
  return [{ code: 'DECIMAL_SEPARATOR_UNCERTAIN', message }];
}

/** How an amount like `1,234` is read, and what to do if that is wrong. */
export function ambiguousSentence(example: string, decimal: string): string {
  const other = oppositeSeparator(decimal);
  const reading = example.includes(decimal)
    ? `with ${JSON.stringify(decimal)} as the decimal separator`
    : `as ${example.replaceAll(other, '')}`;
  return `Amounts such as ${example} are read ${reading}; set decimalSeparator to ${JSON.stringify(other)} if that is wrong.`;
}

/** A column as people count, from 1. */
function label(names: readonly string[], index: number): string {
  const name = names[index];
  const place = `the ${ordinal(index + 1)} column`;
  // Options take the name, or an index from 0 where that is not enough.
  if (!name) return `${place} (index ${index})`;
  const isOnly = names.indexOf(name) === names.lastIndexOf(name);
  return `${place} (${JSON.stringify(name.slice(0, 60))}${isOnly ? '' : `, index ${index}`})`;
}

function list(names: readonly string[], indexes: readonly number[]): string {
  const listed = indexes.slice(0, LISTED).map((index) => label(names, index));
  if (indexes.length > LISTED) return `${listed.join(', ')} and ${indexes.length - LISTED} more`;
  return listed.length > 1 ? `${listed.slice(0, -1).join(', ')} or ${listed.at(-1)}` : listed[0]!;
}

const CHARACTER_NAMES: Record<string, string> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
};

function characterName(code: number): string {
  const character = String.fromCharCode(code);
  return CHARACTER_NAMES[character] ?? JSON.stringify(character);
}
