import { describe, expect, it } from 'vitest';
import { choosePair, periodsOf, sumsOfPeriod } from './load-periods.ts';

const months = ['2026-11', '2026-10', '2025-12', '2025-11', '2025-10'];

describe('choosePair', () => {
  it('takes the latest period and the one a year before', () => {
    expect(choosePair(months, 'month', {})).toEqual({ period: '2026-11', before: '2025-11' });
    expect(choosePair(['2026-W53', '2026-W52'], 'week', {})).toEqual({ period: '2026-W53', before: '2026-W52' });
    expect(choosePair(['2026', '2024'], 'year', {})).toEqual({ period: '2026', before: '2024' });
  });

  it('takes the one before where there is none of the year before', () => {
    expect(choosePair(['2026-11', '2026-10'], 'month', {})).toEqual({ period: '2026-11', before: '2026-10' });
    expect(choosePair(months, 'month', { period: '2025-12' })).toEqual({ period: '2025-12', before: '2025-11' });
    // Before the first there is nothing, so it is compared with the next.
    expect(choosePair(['2026-11', '2026-10'], 'month', { period: '2026-10' })).toEqual({
      period: '2026-10',
      before: '2026-11',
    });
  });

  it('keeps what was chosen, also what is not offered', () => {
    expect(choosePair(months, 'month', { period: '2025-10', before: '2026-11' })).toEqual({
      period: '2025-10',
      before: '2026-11',
    });
    expect(choosePair(months, 'month', { before: '2026-11' })).toEqual({ period: '2026-10', before: '2026-11' });
    expect(choosePair(months, 'month', { period: '1999-01', before: '1998-01' })).toEqual({
      period: '1999-01',
      before: '1998-01',
    });
  });

  it('has none where there are no two periods', () => {
    expect(choosePair(['2026'], 'year', {})).toBeUndefined();
    expect(choosePair([], 'year', {})).toBeUndefined();
  });
});

it('periods are those of the groups, the latest first', () => {
  const sums = [
    ['a', '2025-12'],
    ['b', '2026-02'],
    ['a', '2026-02'],
    ['a', 'none'],
    ['a', '2026-01'],
  ].map((keys) => ({
    keys,
    sum: '1',
  }));
  expect(periodsOf(sums, 1, 'month')).toEqual(['2026-02', '2026-01', '2025-12']);
  expect(sumsOfPeriod(sums, 1, '2026-02')).toEqual([
    { keys: ['b'], sum: '1' },
    { keys: ['a'], sum: '1' },
  ]);
});
