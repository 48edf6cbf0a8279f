import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { makeChanges } from './changes.ts';

const total = (sum: string, ...keys: string[]) =>
  create(TotalSchema, { department: keys[0] ?? '', keys: keys.length > 1 ? keys : [], sum });

describe('makeChanges', () => {
  const totals = [
    total('10', 'North', '2025-01'),
    total('8.005', 'North', '2025-12'),
    total('9.01', 'North', '2026-01'),
    total('5', 'South', '2026-01'),
    total('-1', 'West', '2025-12'),
    total('1', 'West', '2026-01'),
    total('0', 'East', '2025-12'),
    total('3', 'East', '2026-01'),
  ];
  const changesOf = makeChanges(totals, 1, 'month');

  it('compares a group with itself, exactly, and rounds once', () => {
    expect(changesOf(totals[2]!)).toEqual({
      toBefore: { difference: '1.005', fraction: '0.126' },
      toYearBefore: { difference: '-0.99', fraction: '-0.099' },
    });
  });

  it('has nothing where there is no row', () => {
    expect(changesOf(totals[3]!)).toEqual({ toBefore: undefined, toYearBefore: undefined });
    // December comes before January, not November.
    expect(changesOf(totals[1]!).toBefore).toBeUndefined();
  });

  it('gives a difference, but no part, beside nothing and beside less than nothing', () => {
    expect(changesOf(totals[5]!).toBefore).toEqual({ difference: '2', fraction: undefined });
    expect(changesOf(totals[7]!).toBefore).toEqual({ difference: '3', fraction: undefined });
  });

  it('compares a single column of dates', () => {
    const years = [total('2', '2025'), total('3', '2026')];
    expect(makeChanges(years, 0, 'year')(years[1]!).toBefore).toEqual({ difference: '1', fraction: '0.500' });
  });
});
