import type { Column, RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { formatCount } from '../format/count.ts';
import { resultTexts } from '../texts-of-results.ts';
import { columnName } from '../upload/csv-options.ts';

const words = resultTexts.askOn;
/** More values are counted, not named. */
const namedValues = 3;

/** A filter as it is read: `Region is North or South`. A column without a clear name is asked for by its place. */
export function filterWords(
  { column: reference, test }: Pick<RowFilter, 'column' | 'test'>,
  columns: readonly Column[],
): string {
  const found =
    columns.find(({ name }) => name === reference) ?? columns.find(({ index }) => String(index) === reference);
  const column = found === undefined ? reference : columnName(found);
  if (test.case === undefined) return column;
  if (test.case === 'between') {
    const { from, to } = test.value;
    if (from === to) return words.is(column, from);
    if (from === '') return words.to(column, to);
    return to === '' ? words.from(column, from) : words.between(column, from, to);
  }
  const { values } = test.value;
  const isIn = test.case === 'in';
  if (values.length === 1 && values[0] === '') return isIn ? words.isEmpty(column) : words.isNotEmpty(column);
  return (isIn ? words.is : words.isNot)(column, listed(values));
}

function listed(values: readonly string[]): string {
  const named = values.map((value) => (value === '' ? resultTexts.empty : value));
  const rest = named.length - namedValues;
  const all = rest > 1 ? [...named.slice(0, namedValues), words.more(formatCount(rest))] : named;
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : words.or(all.slice(0, -1).join(', '), last);
}
