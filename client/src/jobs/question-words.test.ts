import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { CsvOptionsSchema, DialectSchema, RowFilterSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { filterWords, isDetailed, questionText } from './question-words.ts';

type Options = MessageInitShape<typeof CsvOptionsSchema>;
type Test = NonNullable<MessageInitShape<typeof RowFilterSchema>['test']>;

const dialect = create(DialectSchema, {
  columns: ['Region', 'Revenue', '', 'Date'].map((name, index) => ({ index, name })),
  amountIndex: 1,
});
const filter = (column: string, test: Test) => create(RowFilterSchema, { column, test });
const asked = (options: Options) => create(CsvOptionsSchema, options);

describe('questionText', () => {
  it('names the columns that were found, and counts those without a name', () => {
    expect(questionText({ dialect, options: undefined })).toBe('Revenue by Region');
    expect(questionText({ dialect: { ...dialect, departmentIndex: 2 }, options: undefined })).toBe(
      'Revenue by Column 3',
    );
  });

  it('names those that were asked for until then', () => {
    const text = (options: Options | undefined) =>
      questionText({ dialect: undefined, options: options && asked(options) });
    expect(text({ amountColumn: 'Net', departmentColumn: 'Shop' })).toBe('Net by Shop');
    expect(text({ amountColumn: 'Net', groupBy: ['Shop', 'Sold on:week'] })).toBe('Net by Shop and week of Sold on');
    expect(text({ amountColumn: 'Net' })).toBe('Net by …');
    expect(text(undefined)).toBe('Columns chosen automatically');
  });

  it('names all groups, and the periods of dates', () => {
    const groupBy = [
      { index: 0, period: '' },
      { index: 3, period: 'month' },
      { index: 2, period: '' },
    ];
    const found = create(DialectSchema, { columns: dialect.columns, amountIndex: 1, groupBy });
    expect(questionText({ dialect: found, options: undefined })).toBe('Revenue by Region, month of Date and Column 3');
  });

  it('names all amounts, and the products of two columns', () => {
    const amounts = ['Revenue', 'Quantity*Price'];
    expect(questionText({ dialect: undefined, options: asked({ amounts }) })).toBe('Revenue and Quantity*Price by …');
    const found = create(DialectSchema, {
      columns: dialect.columns,
      amountIndex: 1,
      amounts: [{ index: 1 }, { index: 2, factor: 3 }],
    });
    expect(questionText({ dialect: found, options: asked({ amounts }) })).toBe('Revenue and Column 3 × Date by Region');
  });

  const one: [Test, string][] = [
    [{ case: 'in', value: { values: ['North'] } }, 'Region is North'],
    [{ case: 'in', value: { values: ['North', 'South'] } }, 'Region is North or South'],
    [{ case: 'in', value: { values: ['North', '', 'East'] } }, 'Region is North, (empty) or East'],
    [{ case: 'notIn', value: { values: ['a', 'b', 'c', 'd', 'e'] } }, 'Region is not a, b, c or 2 more'],
    [{ case: 'in', value: { values: [...'abcd'] } }, 'Region is a, b, c or d'],
    [{ case: 'in', value: { values: [''] } }, 'Region is empty'],
    [{ case: 'notIn', value: { values: [''] } }, 'Region is not empty'],
    [{ case: 'between', value: { from: '2026-01', to: '2026-Q2' } }, 'Region is between 2026-01 and 2026-Q2'],
    [{ case: 'between', value: { from: '2026-01', to: '2026-01' } }, 'Region is 2026-01'],
    [{ case: 'between', value: { from: '5', to: '' } }, 'Region is at least 5'],
    [{ case: 'between', value: { from: '', to: '-5' } }, 'Region is at most -5'],
    [{ case: 'in', value: { values: ['x'.repeat(50)] } }, `Region is ${'x'.repeat(40)}…`],
  ];
  it.each(one)('tells of a filter: %o', (test, words) => {
    const options = asked({ where: [filter('region', test)] });
    expect(questionText({ dialect, options })).toBe(`Revenue by Region, only where ${words}`);
  });

  it('calls a column by its place where it is asked for by that', () => {
    const { columns } = create(DialectSchema, { columns: ['', '0', 'Shop'].map((name, index) => ({ index, name })) });
    const words = (column: string) => filterWords(filter(column, { case: 'in', value: { values: ['x'] } }), columns);
    expect(['0', '1', '2', '9'].map(words)).toEqual(['0 is x', '0 is x', 'Shop is x', '9 is x']);
    expect(filterWords(create(RowFilterSchema, { column: '0' }), columns.slice(0, 1))).toBe('Column 1');
  });

  it('tells of all filters, and of columns that nobody knows as they were asked for', () => {
    const test: Test = { case: 'in', value: { values: ['1'] } };
    const where = [filter('2', test), filter('Shop', test)];
    expect(questionText({ dialect, options: asked({ where }) })).toBe(
      'Revenue by Region, only where Column 3 is 1 and Shop is 1',
    );
  });
});

it('isDetailed says whether a question is more than a column by another', () => {
  expect(isDetailed({ options: undefined })).toBe(false);
  expect(isDetailed({ options: asked({ departmentColumn: 'Region' }) })).toBe(false);
  expect(isDetailed({ options: asked({ groupBy: ['Date:month'] }) })).toBe(true);
  expect(isDetailed({ options: asked({ where: [{ column: 'Region' }] }) })).toBe(true);
});
