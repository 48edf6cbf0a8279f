import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DialectSchema, RowFilterSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { detectedQuestion, type QuestionSettings } from '../upload/csv-options.ts';
import {
  amountsOf,
  chooseAmount,
  chooseGroup,
  firstPeriod,
  groupsOf,
  isSameColumn,
  putFilter,
  removeAmount,
  removeGroup,
  rolesByColumn,
  useColumn,
  whyNotUse,
} from './question-parts.ts';

const dialect = create(DialectSchema, {
  columns: ['Date', 'Region', 'Revenue', 'Value', 'Value', ''].map((name, index) => ({ index, name })),
  departmentIndex: 1,
  amountIndex: 2,
});
const column = (index: number) => dialect.columns[index]!;
const asked = (question: Partial<QuestionSettings>) => ({ ...detectedQuestion, ...question });
const filter = (name: string) => create(RowFilterSchema, { column: name });

describe('groupsOf and amountsOf', () => {
  const described = (question: QuestionSettings, found = dialect) =>
    groupsOf(question, found).map(({ name, period }) => `${name}/${period}`);

  it('are as they were found until something is chosen', () => {
    expect(described(detectedQuestion)).toEqual(['Region/']);
    expect(amountsOf(detectedQuestion, dialect)).toMatchObject([{ name: 'Revenue', isProduct: false }]);
    const grouped = create(DialectSchema, { columns: dialect.columns, groupBy: [{ index: 0, period: 'week' }] });
    expect(described(detectedQuestion, grouped)).toEqual(['Date/week']);
  });

  it('are what was chosen before that was looked for, and by the name that it was asked by if it is not there', () => {
    expect(described(asked({ groupBy: ['Date:month', '5', 'Shop'] }))).toEqual(['Date/month', 'Column 6/', 'Shop/']);
    expect(amountsOf(asked({ amountColumn: '4' }), dialect)).toMatchObject([{ column: { index: 4 } }]);
    expect(amountsOf(asked({ amountColumn: 'Net' }), dialect)).toMatchObject([{ name: 'Net', column: undefined }]);
  });
});

describe('chooseAmount', () => {
  it('names the column, by its index where the name is not clear', () => {
    expect(chooseAmount(detectedQuestion, dialect, 0, column(4))).toEqual({ amountColumn: '4', amounts: [] });
  });

  it('changes places with the only group, and takes the column out of several', () => {
    expect(chooseAmount(detectedQuestion, dialect, 0, column(1))).toEqual({
      amountColumn: 'Region',
      amounts: [],
      groupBy: ['Revenue'],
    });
    const several = asked({ groupBy: ['Region', 'Date:year'] });
    expect(chooseAmount(several, dialect, 0, column(1))).toEqual({
      amountColumn: 'Region',
      amounts: [],
      groupBy: ['Date:year'],
    });
  });
});

describe('several amounts', () => {
  const two = asked({ amounts: ['Revenue', '3*4'] });

  it('are read as the server reads them, and named', () => {
    expect(amountsOf(two, dialect)).toMatchObject([
      { name: 'Revenue', column: { index: 2 }, isProduct: false },
      { name: 'Value × Value', column: { index: 3 }, factor: { index: 4 }, isProduct: true },
    ]);
    const starred = create(DialectSchema, {
      columns: ['a*b', 'a', 'b*c', 'c'].map((name, index) => ({ index, name })),
    });
    expect(amountsOf(asked({ amounts: ['A*B', 'a*b*c', 'a*x'] }), starred)).toMatchObject([
      { column: { index: 0 }, isProduct: false },
      { column: { index: 1 }, factor: { index: 2 } },
      { column: { index: 1 }, isProduct: true, factor: undefined, name: 'a × x' },
    ]);
  });

  it('are added, changed, multiplied and taken away; a single column is asked for as the one amount', () => {
    expect(chooseAmount(detectedQuestion, dialect, 1, column(3))).toEqual({
      amountColumn: '',
      amounts: ['Revenue', '3'],
    });
    expect(chooseAmount(detectedQuestion, dialect, 0, column(2), column(5))).toEqual({
      amountColumn: '',
      amounts: ['Revenue*5'],
    });
    expect(chooseAmount(two, dialect, 1, column(0))).toEqual({ amountColumn: '', amounts: ['Revenue', 'Date'] });
    expect(removeAmount(two, dialect, 0)).toEqual({ amountColumn: '', amounts: ['3*4'] });
    expect(removeAmount(asked({ amounts: ['Revenue', '3'] }), dialect, 0)).toEqual({ amountColumn: '3', amounts: [] });
    expect(removeAmount(detectedQuestion, dialect, 0)).toEqual({});
  });

  it('keep what was asked for and is not there', () => {
    const odd = asked({ amounts: ['Net*Revenue', 'Revenue'] });
    expect(chooseAmount(odd, dialect, 2, column(3))).toEqual({
      amountColumn: '',
      amounts: ['Net*Revenue', 'Revenue', '3'],
    });
  });

  it('are multiplied by the index where a column is called like the two', () => {
    const odd = create(DialectSchema, { columns: ['a', 'b', 'a*b'].map((name, index) => ({ index, name })) });
    const { columns } = odd;
    expect(chooseAmount(detectedQuestion, odd, 0, columns[0]!, columns[1])).toMatchObject({ amounts: ['0*1'] });
  });

  it('do not change places with a group', () => {
    expect(chooseAmount(two, dialect, 0, column(1))).toEqual({ amountColumn: '', amounts: ['Region', '3*4'] });
    expect(chooseGroup(two, dialect, 0, column(2))).toEqual({ groupBy: ['Revenue'] });
    expect(isSameColumn(asked({ ...two, groupBy: ['4'] }), dialect)).toBe(true);
  });
});

describe('chooseGroup and removeGroup', () => {
  it('changes one, and adds one behind the last', () => {
    expect(chooseGroup(detectedQuestion, dialect, 0, column(0), 'month')).toEqual({ groupBy: ['Date:month'] });
    expect(chooseGroup(detectedQuestion, dialect, 1, column(3))).toEqual({ groupBy: ['Region', '3'] });
  });

  it('changes places with the amount', () => {
    expect(chooseGroup(detectedQuestion, dialect, 0, column(2))).toEqual({
      groupBy: ['Revenue'],
      amountColumn: 'Region',
      amounts: [],
    });
  });

  it('asks for a period by the index where a column is called like the two', () => {
    const odd = create(DialectSchema, { columns: ['Date', 'Date:month'].map((name, index) => ({ index, name })) });
    expect(chooseGroup(detectedQuestion, odd, 0, odd.columns[0]!, 'month')).toEqual({ groupBy: ['0:month'] });
  });

  it('leaves the last one', () => {
    expect(removeGroup(asked({ groupBy: ['Region', 'Date:year'] }), dialect, 0)).toEqual({ groupBy: ['Date:year'] });
    expect(removeGroup(detectedQuestion, dialect, 0)).toEqual({});
  });
});

describe('useColumn', () => {
  it('adds a group and takes it away again', () => {
    expect(useColumn(detectedQuestion, dialect, 'group', column(0), false)).toEqual({ groupBy: ['Region', 'Date'] });
    const two = asked({ groupBy: ['Region', 'Date:year'] });
    expect(useColumn(two, dialect, 'group', column(0), false)).toEqual({ groupBy: ['Region'] });
    expect(useColumn(detectedQuestion, dialect, 'group', column(1), false)).toEqual({});
  });

  it('begins dates by month, and by another period where that is taken', () => {
    expect(useColumn(detectedQuestion, dialect, 'group', column(0), true)).toEqual({
      groupBy: ['Region', 'Date:month'],
    });
    const groups = groupsOf(asked({ groupBy: ['Region', 'Date:month'] }), dialect);
    expect(firstPeriod(groups, 2, column(0), true)).toBe('');
    expect(firstPeriod(groups, 1, column(0), true)).toBe('month');
    expect(firstPeriod(groups, 2, column(3), false)).toBe('');
  });

  it('can do nothing exactly where whyNotUse has a reason', () => {
    const four = asked({ groupBy: ['Date', 'Region', '3', '4'] });
    const two = asked({ amounts: ['Revenue', '3*4'] });
    for (const question of [detectedQuestion, asked({ amountColumn: 'Revenue' }), four, two]) {
      for (const role of ['amount', 'group'] as const) {
        for (const at of dialect.columns) {
          const change = useColumn(question, dialect, role, at, false);
          const isSame = Object.entries(change).every(
            ([name, value]) => JSON.stringify(value) === JSON.stringify(question[name as keyof QuestionSettings]),
          );
          expect([role, at.index, isSame]).toEqual([
            role,
            at.index,
            whyNotUse(question, dialect, role, at) !== undefined,
          ]);
        }
      }
    }
    // A sum that was only found can be chosen, which settles the doubt about it.
    expect(useColumn(detectedQuestion, dialect, 'amount', column(2), false)).toEqual({
      amountColumn: 'Revenue',
      amounts: [],
    });
  });

  it('does not group by what is added up, but changes places with a single group', () => {
    expect(useColumn(detectedQuestion, dialect, 'group', column(2), false)).toMatchObject({ amountColumn: 'Region' });
    expect(useColumn(asked({ groupBy: ['Region', 'Date'] }), dialect, 'group', column(2), false)).toEqual({});
  });

  it('takes no more than four groups', () => {
    const four = asked({ groupBy: ['Date', 'Region', '3', '4'] });
    expect(useColumn(four, dialect, 'group', column(5), false)).toEqual({});
  });

  it('chooses the amount', () =>
    expect(useColumn(detectedQuestion, dialect, 'amount', column(0), false)).toEqual({
      amountColumn: 'Date',
      amounts: [],
    }));

  it('adds to several amounts, and takes away from them', () => {
    const two = asked({ amounts: ['Revenue', '3*4'] });
    expect(useColumn(two, dialect, 'amount', column(3), false)).toMatchObject({ amounts: ['Revenue', '3*4', '3'] });
    expect(useColumn(two, dialect, 'amount', column(2), false)).toMatchObject({ amounts: ['3*4'] });
    expect(useColumn(two, dialect, 'amount', column(1), false)).toEqual({});
    const eight = asked({ amounts: ['0*2', '0*3', '0*4', '0*5', '2*3', '2*4', '2*5', '3*4'] });
    expect(useColumn(eight, dialect, 'amount', column(2), false)).toEqual({});
    expect(useColumn(two, dialect, 'group', column(4), false)).toEqual({});
  });
});

describe('rolesByColumn and isSameColumn', () => {
  it('tells of all roles of a column, the group first', () => {
    const question = asked({ groupBy: ['Date:month', 'Date:year'], where: [filter('date'), filter('Shop')] });
    expect([...rolesByColumn(question, dialect)]).toEqual([
      [0, ['group', 'filter']],
      [2, ['amount']],
    ]);
  });

  it('tells of all amounts, and of the columns that they are multiplied with', () => {
    const several = create(DialectSchema, {
      columns: dialect.columns,
      departmentIndex: 1,
      amountIndex: 2,
      amounts: [{ index: 2 }, { index: 3, factor: 4 }],
    });
    expect([...rolesByColumn(asked({ amounts: ['Revenue', '3*4'] }), several)]).toEqual([
      [1, ['group']],
      [2, ['amount']],
      [3, ['amount']],
      [4, ['amount']],
    ]);
  });

  it('finds a column that is added up and grouped by', () => {
    expect(isSameColumn(detectedQuestion, dialect)).toBe(false);
    expect(isSameColumn(asked({ groupBy: ['Date', 'Revenue'] }), dialect)).toBe(true);
    expect(isSameColumn(asked({ groupBy: ['Shop'], amountColumn: 'Net' }), dialect)).toBe(false);
  });
});

it('putFilter changes, adds and removes', () => {
  const [a, b, c] = [filter('a'), filter('b'), filter('c')];
  expect(putFilter([a, b], 1, true, c)).toEqual([a, c]);
  expect(putFilter([a], 1, false, b)).toEqual([a, b]);
  expect(putFilter([a, b], 0, true, undefined)).toEqual([b]);
  expect(putFilter([a], 1, false, undefined)).toEqual([a]);
});
