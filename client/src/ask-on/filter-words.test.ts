import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { ColumnSchema, RowFilterSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { filterWords } from './filter-words.ts';

type Test = MessageInitShape<typeof RowFilterSchema>['test'];
const words = (test: Test) => filterWords(create(RowFilterSchema, { column: 'Region', test }), []);

it.each<[Test, string]>([
  [{ case: 'in', value: { values: ['North'] } }, 'Region is North'],
  [{ case: 'in', value: { values: ['North', ''] } }, 'Region is North or (empty)'],
  [{ case: 'in', value: { values: [...'abcd'] } }, 'Region is a, b, c or d'],
  [{ case: 'notIn', value: { values: [...'abcde'] } }, 'Region is not a, b, c or 2 more'],
  [{ case: 'in', value: { values: [''] } }, 'Region is empty'],
  [{ case: 'notIn', value: { values: [''] } }, 'Region is not empty'],
  [{ case: 'between', value: { from: '2026-01', to: '2026-01' } }, 'Region is 2026-01'],
  [{ case: 'between', value: { from: '1', to: '2' } }, 'Region is between 1 and 2'],
  [{ case: 'between', value: { from: '1' } }, 'Region is at least 1'],
  [{ case: 'between', value: { to: '2' } }, 'Region is at most 2'],
])('%j reads well', (test, text) => expect(words(test)).toBe(text));

it('names a column by its place where it is asked for by that', () => {
  const column = (index: number, name: string) => create(ColumnSchema, { index, name });
  const filter = (reference: string) =>
    filterWords(create(RowFilterSchema, { column: reference, test: { case: 'in', value: { values: ['x'] } } }), [
      column(0, ''),
      column(1, '0'),
      column(2, 'Shop'),
    ]);
  expect(['0', '1', '2', '9'].map(filter)).toEqual(['0 is x', '0 is x', 'Shop is x', '9 is x']);
  expect(filterWords(create(RowFilterSchema, { column: '0' }), [column(0, '')])).toBe('Column 1');
});
