import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DialectSchema, TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { amountsOf, leadingTotals, withAmount } from './amounts.ts';

const columns = ['Region', 'Price', 'Quantity'].map((name, index) => ({ index, name }));

describe('amountsOf', () => {
  it('names each amount, and the factors of a product', () => {
    const amounts = [{ index: 2 }, { index: 2, factor: 1 }];
    const dialect = create(DialectSchema, { columns, amountIndex: 2, amounts });
    expect(amountsOf({ dialect, total: '7', totals: ['7', '31.50'] })).toEqual([
      { name: 'Quantity', total: '7' },
      { name: 'Quantity × Price', total: '31.50' },
    ]);
  });
  it('names a product that is alone', () => {
    const dialect = create(DialectSchema, { columns, amountIndex: 2, amounts: [{ index: 2, factor: 1 }] });
    expect(amountsOf({ dialect, total: '7', totals: [] })).toEqual([{ name: 'Quantity × Price', total: '7' }]);
  });
  it('is one amount where there is one', () => {
    const dialect = create(DialectSchema, { columns, amountIndex: 1 });
    expect(amountsOf({ dialect, total: '7', totals: [] })).toEqual([{ name: 'Price', total: '7' }]);
  });
});

describe('withAmount', () => {
  const total = create(TotalSchema, {
    department: 'North',
    sum: '7',
    count: 2n,
    figures: [
      { sum: '7', count: 2n },
      { sum: '31.50', count: 1n, min: '31.50', max: '31.50', mean: '31.5' },
    ],
  });
  it('has the figures of that amount', () =>
    expect(withAmount(total, 1)).toMatchObject({ department: 'North', sum: '31.50', count: 1n, mean: '31.5' }));
  it('stays as it is for the first, and where there is none', () => {
    expect(withAmount(total, 0)).toBe(total);
    expect(withAmount(total, 5)).toBe(total);
  });
});

it('leading totals are compared exactly', () => {
  const totals = ['0.5', '9007199254740993', '-3', '9007199254740992.9'].map((sum) => create(TotalSchema, { sum }));
  expect(leadingTotals(totals, 3).map(({ sum }) => sum)).toEqual(['9007199254740993', '9007199254740992.9', '0.5']);
});
