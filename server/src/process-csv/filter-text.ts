/** Filters as people write them in a query or on a command line: `Region in North,"South, far"`. */
import { create } from '@bufbuild/protobuf';
import { type RowFilter, RowFilterSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';

/** A column's name, which stands in quotes if it holds an operator, and what comes behind it. */
const QUOTED_COLUMN = /^\s*"((?:[^"]|"")*)"\s*(.*)$/s;
const OPERATORS = /^(?:(is\s+not\s+empty|is\s+empty)\s*$|(not\s+in|in|between)\s+(.*)$|(>=|<=|!=|=)\s*(.*)$)/is;
/** Where an operator may begin in what has no quotes. */
const OPERATOR_STARTS = /\s(?=(?:is\s+(?:not\s+)?empty\s*$|not\s+in\s|in\s|between\s))|\s*(?=>=|<=|!=|=)/gi;
/** A value: in quotes, or up to the next comma. */
const VALUE = /\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(,|$)/gy;

/**
 * Reads a filter.
 *
 * @throws {@link TallyError} OPTION_INVALID
 */
export function readFilter(text: string): RowFilter {
  const found = split(text);
  const test = found && readTest(found.rest);
  if (!found || !test || found.column === '') {
    throw new TallyError(
      'OPTION_INVALID',
      `where is ${quoted(text)}: use a filter such as Region in North,South or Date between 2026-01 and 2026-06 (also: not in, is empty, is not empty, =, !=, >=, <=; what holds a comma or such a word stands in "quotes").`,
    );
  }
  return create(RowFilterSchema, { column: found.column, test });
}

/** The column, and the rest from its operator on. */
function split(text: string): { column: string; rest: string } | undefined {
  const [, column, rest = ''] = QUOTED_COLUMN.exec(text) ?? [];
  if (column !== undefined) return { column: unquoted(column), rest };
  if (text.trimStart().startsWith('"')) return undefined;
  for (const { index, 0: space } of text.matchAll(OPERATOR_STARTS)) {
    const behind = text.slice(index + space.length);
    if (OPERATORS.test(behind)) return { column: text.slice(0, index).trim(), rest: behind };
  }
  return undefined;
}

function readTest(text: string): RowFilter['test'] | undefined {
  const [, emptiness, word, operand = '', sign, bound = ''] = OPERATORS.exec(text) ?? [];
  if (emptiness) return valuesTest(/not/i.test(emptiness), ['']);
  if (sign === '>=') return rangeTest(bound, '');
  if (sign === '<=') return rangeTest('', bound);
  if (sign) return valuesTest(sign === '!=', [soleValue(bound)]);
  if (!word) return undefined;
  if (/between/i.test(word)) {
    const [from, to, more] = operand.split(/\s+and\s+/i);
    return from === undefined || to === undefined || more !== undefined ? undefined : rangeTest(from, to);
  }
  const values = readValues(operand);
  return values && valuesTest(/not/i.test(word), values);
}

function valuesTest(isNegated: boolean, values: string[]): RowFilter['test'] {
  const { test } = create(RowFilterSchema, {
    test: { case: isNegated ? 'notIn' : 'in', value: { values } },
  });
  return test;
}

function rangeTest(from: string, to: string): RowFilter['test'] | undefined {
  const [first, last] = [soleValue(from), soleValue(to)];
  if (first + last === '') return undefined;
  return create(RowFilterSchema, { test: { case: 'between', value: { from: first, to: last } } }).test;
}

/** The values of a list; undefined if a quote is not closed, or something stands behind it. */
function readValues(text: string): string[] | undefined {
  const values: string[] = [];
  VALUE.lastIndex = 0;
  while (true) {
    const found = VALUE.exec(text);
    if (!found || (found[2]?.includes('"') ?? false)) return undefined;
    values.push(found[1] === undefined ? found[2]!.trim() : unquoted(found[1]));
    if (found[3] === '') return values;
  }
}

/** The value without the quotes around it. */
function soleValue(text: string): string {
  const [, inside] = /^"((?:[^"]|"")*)"$/s.exec(text.trim()) ?? [];
  return inside === undefined ? text.trim() : unquoted(inside);
}

function unquoted(text: string): string {
  return text.replaceAll('""', '"');
}
