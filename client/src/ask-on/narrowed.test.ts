import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { CsvOptionsSchema, DialectSchema, RowFilterSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { filterText } from '../jobs/filter-text.ts';
import { isSameQuestion, waysOn, withoutFilter } from './narrowed.ts';

const dialect = create(DialectSchema, {
  columns: [
    { index: 0, name: 'Date' },
    { index: 1, name: 'Region' },
    { index: 2, name: '' },
    { index: 3, name: 'Revenue' },
  ],
  departmentIndex: 1,
  amountIndex: 3,
});
const grouped = (...groupBy: MessageInitShape<typeof DialectSchema>['groupBy'] & object) => ({
  ...dialect,
  groupBy: create(DialectSchema, { groupBy }).groupBy,
});
const byMonth = grouped({ index: 1 }, { index: 0, period: 'month' });
const region = (...values: string[]) =>
  create(RowFilterSchema, { column: 'Region', test: { case: 'in', value: { values } } });
const date = (from: string, to: string) =>
  create(RowFilterSchema, { column: 'Date', test: { case: 'between', value: { from, to } } });

/** The ways in short: filters, and what is grouped by. */
function shorten(job: Parameters<typeof waysOn>[0], ...values: (readonly [number, string])[]) {
  return waysOn(
    job,
    values.map(([at, value]) => ({ at, value })),
  ).map(({ options }) => [options.where.map(filterText).join(' & '), options.groupBy.join()]);
}

describe('waysOn', () => {
  const options = create(CsvOptionsSchema, { groupBy: ['Region', 'Date:month'], delimiter: ';' });

  it('keeps to each value, and goes on to finer periods', () => {
    expect(shorten({ dialect: byMonth, options }, [0, 'North'], [1, '2026-01'])).toEqual([
      ['Region in North', 'Region,Date:month'],
      ['Date between 2026-01 and 2026-01', 'Region,Date:month'],
      ['Date between 2026-01 and 2026-01', 'Region,Date:day'],
      ['Region in North & Date between 2026-01 and 2026-01', 'Region,Date:day'],
    ]);
  });

  it('keeps all other options', () => {
    const [way] = waysOn({ dialect: byMonth, options }, [{ at: 0, value: 'North' }]);
    expect(way?.options).toMatchObject({ delimiter: ';', groupBy: ['Region', 'Date:month'] });
    // The options of the job stay as they are.
    expect(options.where).toEqual([]);
  });

  it('names a column without a clear name by its place, and an empty value too', () => {
    const job = { dialect: grouped({ index: 2 }), options: undefined };
    expect(shorten(job, [0, ''])).toEqual([['2 is empty', '']]);
  });

  it('takes the place of a wider filter, and stands beside one that is not', () => {
    const filtered = (...where: (typeof options)['where']) => ({
      dialect: byMonth,
      options: create(CsvOptionsSchema, { groupBy: ['Region', 'Date:month'], where }),
    });
    const first = (where: (typeof options)['where'], at: number, value: string) =>
      shorten(filtered(...where), [at, value])[0]?.[0];
    expect(first([date('2026', '2026')], 1, '2026-01')).toBe('Date between 2026-01 and 2026-01');
    expect(first([date('', '2026-Q1')], 1, '2026-01')).toBe('Date between 2026-01 and 2026-01');
    expect(first([date('2026-01-15', '')], 1, '2026-01')).toBe(
      'Date between 2026-01-15 and "" & Date between 2026-01 and 2026-01',
    );
    expect(first([region('North', 'South')], 0, 'North')).toBe('Region in North');
  });

  it('does not ask what is known', () => {
    const known = create(CsvOptionsSchema, { groupBy: ['Region', 'Date:month'], where: [region('North')] });
    expect(shorten({ dialect: byMonth, options: known }, [0, 'North'])).toEqual([]);
  });

  it('has no finer period than a day', () => {
    const byDay = grouped({ index: 0, period: 'day' });
    expect(shorten({ dialect: byDay, options: undefined }, [0, '2026-01-31'])).toHaveLength(1);
  });
});

describe('withoutFilter', () => {
  it('leaves the others', () => {
    const options = create(CsvOptionsSchema, { where: [region('North'), date('2026', '')] });
    expect(withoutFilter({ options }, 0).where.map(({ column }) => column)).toEqual(['Date']);
    expect(options.where).toHaveLength(2);
  });
});

describe('isSameQuestion', () => {
  const asked = (options: MessageInitShape<typeof CsvOptionsSchema>) => create(CsvOptionsSchema, options);
  it('does not mind the order of filters and of their values', () => {
    const one = asked({ where: [region('a', 'b'), date('2026', '')] });
    expect(isSameQuestion(one, asked({ where: [date('2026', ''), region('b', 'a')] }))).toBe(true);
    expect(isSameQuestion(one, asked({ where: [date('2026', ''), region('b')] }))).toBe(false);
  });
  it('minds everything else', () => {
    expect(isSameQuestion(asked({ groupBy: ['a', 'b'] }), asked({ groupBy: ['b', 'a'] }))).toBe(false);
    expect(isSameQuestion(asked({ delimiter: ';' }), asked({}))).toBe(false);
    expect(isSameQuestion(asked({ topN: 0 }), asked({}))).toBe(false);
  });
});
