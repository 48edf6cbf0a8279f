import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { addExact, parseExact, writeExact } from '../format/exact.ts';
import { heatOf, makePivot, type PivotPlan, pivotText } from './pivot.ts';

const total = (sum: string, ...keys: string[]) => create(TotalSchema, { department: keys[0] ?? '', keys, sum });
const plan: PivotPlan = { row: 0, column: 1, rowOrder: 'total', columnOrder: 'name' };

describe('makePivot', () => {
  it('lays sums out by row and column, with exact sums of both', () => {
    const pivot = makePivot(
      [
        total('0.1', 'South', '2026-02'),
        total('0.2', 'South', '2026-01'),
        total('9007199254740993', 'North', '2026-02'),
      ],
      plan,
    );
    const text = (units: bigint | undefined) => units !== undefined && pivotText(pivot, units);
    expect(pivot.rows.map(({ key, units }) => [key, text(units)])).toEqual([
      ['North', '9007199254740993.0'],
      ['South', '0.3'],
    ]);
    expect(pivot.columns.map(({ key, units }) => [key, text(units)])).toEqual([
      ['2026-01', '0.2'],
      ['2026-02', '9007199254740993.1'],
    ]);
    expect(text(pivot.cell('South', '2026-01'))).toBe('0.2');
    expect(pivot.cell('North', '2026-01')).toBeUndefined();
    expect(text(pivot.units)).toBe('9007199254740993.3');
  });

  it('adds up over the keys that it does not show', () => {
    const totals = [total('1', 'North', 'Chair', '2026'), total('2', 'North', 'Desk', '2026')];
    expect(makePivot(totals, { ...plan, column: 2 }).cell('North', '2026')).toBe(3n);
    expect(makePivot(totals, { ...plan, row: 1, column: 0 }).rows.map(({ key }) => key)).toEqual(['Desk', 'Chair']);
  });

  it('sorts rows by one column, those without a value there last, by their totals', () => {
    const totals = [
      total('1', 'A', '2025'),
      total('5', 'A', '2026'),
      total('9', 'B', '2025'),
      total('7', 'C', '2026'),
      total('8', 'D', '2025'),
    ];
    const { rows } = makePivot(totals, { ...plan, rowOrder: 'column', sortedBy: '2026' });
    expect(rows.map(({ key }) => key)).toEqual(['C', 'A', 'B', 'D']);
  });

  it('sorts names as people do', () => {
    const totals = ['Shop 10', 'Shop 9', 'shop 1'].map((name) => total('1', name, 'x'));
    expect(makePivot(totals, { ...plan, rowOrder: 'name' }).rows.map(({ key }) => key)).toEqual([
      'shop 1',
      'Shop 9',
      'Shop 10',
    ]);
  });

  it('has rows and columns that add up to the whole, whatever the sums are', () => {
    const sum = fc.record({ units: fc.bigInt(), decimals: fc.integer({ min: 0, max: 6 }) }).map(writeExact);
    const key = fc.constantFrom('a', 'b', 'c', '');
    fc.assert(
      fc.property(fc.array(fc.tuple(sum, key, key)), (list) => {
        const pivot = makePivot(
          list.map(([sum, row, column]) => total(sum, row, column)),
          plan,
        );
        const whole = writeExact(addExact(list.map(([sum]) => parseExact(sum))));
        expect(pivotText(pivot, pivot.units)).toBe(whole);
        for (const lines of [pivot.rows, pivot.columns]) {
          expect(lines.reduce((all, { units }) => all + units, 0n)).toBe(pivot.units);
        }
      }),
    );
  });
});

describe('heatOf', () => {
  it('has a shade for the smallest sum, the strongest for the largest, and another tone below zero', () => {
    const range = { least: -1000n, most: 1000n };
    expect([undefined, 0n, 1n, 500n, 1000n, -1000n, -1n].map((units) => heatOf(units, range))).toEqual([
      0, 0, 1, 3, 6, -6, -1,
    ]);
  });

  it('tells cells apart that are all far from zero', () => {
    const range = { least: 6800n, most: 7400n };
    expect([6800n, 6801n, 7100n, 7399n, 7400n].map((units) => heatOf(units, range))).toEqual([1, 2, 4, 6, 6]);
    const below = { least: -7400n, most: -6800n };
    expect([-6800n, -7400n].map((units) => heatOf(units, below))).toEqual([-1, -6]);
    expect(heatOf(5n, { least: 5n, most: 5n })).toBe(1);
  });
});
