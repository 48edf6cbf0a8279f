import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { makeChanges } from '../groups/changes.ts';
import { searchTotals, sortByChange } from './change-order.ts';

const total = (sum: string, ...keys: string[]) => create(TotalSchema, { department: keys[0] ?? '', keys, sum });

describe('sortByChange', () => {
  const totals = [
    total('1000', 'Large', '2025'),
    total('1100.5', 'Large', '2026'),
    total('1', 'Small', '2025'),
    total('3', 'Small', '2026'),
    total('50', 'Fallen', '2025'),
    total('20', 'Fallen', '2026'),
    total('-1', 'Debt', '2025'),
    total('1', 'Debt', '2026'),
    total('7', 'New', '2026'),
  ];
  const changesOf = makeChanges(totals, 1, 'year');
  const sorted = (column: 'toBefore' | 'toBeforePart', isDescending: boolean) =>
    sortByChange(totals, changesOf, { column, isDescending }).map(({ keys }) => keys.join(' '));

  it('has the largest growth first, then the largest fall, and rows without a change last either way', () => {
    expect(sorted('toBefore', true).slice(0, 4)).toEqual(['Large 2026', 'Small 2026', 'Debt 2026', 'Fallen 2026']);
    expect(sorted('toBefore', false).slice(0, 4)).toEqual(['Fallen 2026', 'Small 2026', 'Debt 2026', 'Large 2026']);
    const without = ['Large 2025', 'Small 2025', 'Fallen 2025', 'Debt 2025', 'New 2026'];
    expect([sorted('toBefore', true).slice(4), sorted('toBefore', false).slice(4)]).toEqual([without, without]);
  });

  it('sorts by the part of the sum before, where there is one', () => {
    expect(sorted('toBeforePart', true).slice(0, 3)).toEqual(['Small 2026', 'Large 2026', 'Fallen 2026']);
    expect(sorted('toBeforePart', false).slice(0, 3)).toEqual(['Fallen 2026', 'Large 2026', 'Small 2026']);
  });

  it('tells parts apart that are read alike', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2 }), (grown) => {
        const pairs = grown.flatMap((more, at) => [
          total('9007199254740993', `g${at}`, '2025'),
          total(String(9007199254740993n + BigInt(more)), `g${at}`, '2026'),
        ]);
        const order = { column: 'toBeforePart', isDescending: true } as const;
        const rows = sortByChange(pairs, makeChanges(pairs, 1, 'year'), order).slice(0, grown.length);
        expect(rows.map(({ sum }) => BigInt(sum) - 9007199254740993n)).toEqual(
          grown.toSorted((a, b) => b - a).map(BigInt),
        );
      }),
    );
  });
});

it('a search looks through all values, in upper or lower case', () => {
  const totals = [total('1', 'Café Nord', '2025'), total('2', 'South', '2026')];
  expect(searchTotals(totals, 'CAFÉ')).toEqual([totals[0]]);
  expect(searchTotals(totals, '2026')).toEqual([totals[1]]);
  expect(searchTotals(totals, '')).toBe(totals);
});
