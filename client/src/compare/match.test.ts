import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { DialectSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { groupsOf } from '../groups/groups.ts';
import { fitOf, hasTotals, matchAmounts, matchGroups } from './match.ts';

/** A job about columns with these names, grouped by some of them, such as `Date:month`. */
function job(names: readonly string[], groupBy: readonly string[], amounts: readonly string[] = ['Revenue']) {
  const columns = names.map((name, index) => ({ index, name }));
  const indexOf = (name: string) => names.indexOf(name);
  const groups = groupBy.map((text) => {
    const [name = '', period = ''] = text.split(':');
    return { index: indexOf(name), period };
  });
  const dialect = create(DialectSchema, {
    columns,
    departmentIndex: groups[0]?.index ?? 0,
    amountIndex: indexOf(amounts[0] ?? ''),
    ...(groups.length > 1 && { groupBy: groups }),
    ...(groups[0]?.period && { groupBy: groups }),
    ...(amounts.length > 1 && { amounts: amounts.map((name) => ({ index: indexOf(name) })) }),
  });
  return create(JobSchema, { dialect, state: JobState.SUCCEEDED });
}

const usual = ['Date', 'Region', 'Revenue', 'Quantity'];
const other = ['quantity ', 'REVENUE', ' region', 'date'];

describe('fitOf', () => {
  it('goes by the names of columns, wherever they stand in the file', () => {
    expect(fitOf(job(usual, ['Region']), job(other, [' region'], ['REVENUE']))).toBe('sameQuestion');
    expect(fitOf(job(usual, ['Region', 'Date:month']), job(other, ['date:month', ' region'], ['REVENUE']))).toBe(
      'sameQuestion',
    );
  });

  it('wants the same groups and periods, and tells other amounts', () => {
    expect(fitOf(job(usual, ['Region']), job(usual, ['Date']))).toBe('otherGroups');
    expect(fitOf(job(usual, ['Region']), job(usual, ['Region', 'Date:month']))).toBe('otherGroups');
    expect(fitOf(job(usual, ['Date:month']), job(usual, ['Date:year']))).toBe('otherGroups');
    expect(fitOf(job(usual, ['Date']), job(usual, ['Date:year']))).toBe('otherGroups');
    expect(fitOf(job(usual, ['Region']), job(usual, ['Region'], ['Quantity']))).toBe('otherAmounts');
    expect(fitOf(job(usual, ['Region']), job(usual, ['Region'], ['Revenue', 'Quantity']))).toBe('otherAmounts');
  });
});

describe('matchGroups', () => {
  it('says where each group stands on the other side', () => {
    const [here, there] = [job(usual, ['Region', 'Date:month']), job(other, ['date:month', ' region'])];
    expect(matchGroups(groupsOf(here.dialect), groupsOf(there.dialect))).toEqual([1, 0]);
  });

  it('matches columns of one name in their order, each once', () => {
    const twice = [0, 1].map((index) => ({ index, name: 'Shop', period: undefined }));
    expect(matchGroups(twice, twice)).toEqual([0, 1]);
    expect(matchGroups(twice, [twice[0]!, { index: 2, name: 'City', period: undefined }])).toBeUndefined();
    expect(matchGroups([], [])).toBeUndefined();
  });
});

it('an amount whose name nobody knows is like no other', () => {
  const amount = (name: string) => ({ name, total: '1' });
  expect(matchAmounts([amount(''), amount('a')], [amount('A'), amount('')])).toEqual([undefined, 0]);
});

it('only what has ended well has totals', () => {
  expect(hasTotals(job(usual, ['Region']))).toBe(true);
  expect(hasTotals({ ...job(usual, ['Region']), state: JobState.PROCESSING })).toBe(false);
  expect(hasTotals(create(JobSchema, { state: JobState.SUCCEEDED }))).toBe(false);
});
