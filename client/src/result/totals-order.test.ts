import { describe, expect, it } from 'vitest';
import { orderAfterClick, orderBy, orderText, parseTotalsOrder, possibleOrder } from './totals-order.ts';

it('writes the order as ListTotals takes it', () => {
  expect(orderBy({ column: 'sum', isDescending: true })).toBe('sum desc');
  expect(orderBy({ column: 'department', isDescending: false })).toBe('department asc');
});

describe('orderAfterClick', () => {
  it('turns the same column round', () => {
    const turned = orderAfterClick({ column: 'sum', isDescending: true }, 'sum');
    expect(turned).toEqual({ column: 'sum', isDescending: false });
  });
  it('starts numbers with the largest and names with A', () => {
    const order = { column: 'sum', isDescending: true } as const;
    expect(orderAfterClick(order, 'count')).toEqual({ column: 'count', isDescending: true });
    expect(orderAfterClick(order, 'department')).toEqual({ column: 'department', isDescending: false });
  });
});

describe('possibleOrder', () => {
  const byChange = { column: 'toBeforePart', isDescending: true } as const;
  it('keeps what there is to sort by', () => {
    expect(possibleOrder(byChange, 0, ['toBefore'])).toBe(byChange);
    expect(possibleOrder({ column: 'mean', isDescending: false }, 0, [])).toMatchObject({ column: 'mean' });
  });
  it('is the usual one without changes, and by figures that the server does not know', () => {
    const usual = { column: 'sum', isDescending: true };
    expect(possibleOrder(byChange, 0, ['toYearBefore'])).toEqual(usual);
    expect(possibleOrder({ column: 'mean', isDescending: false }, 1, [])).toEqual(usual);
    expect(possibleOrder(undefined, 0, [])).toEqual(usual);
  });
});

it('an address has the order that it was written with', () => {
  for (const order of [
    { column: 'toYearBeforePart', isDescending: true },
    { column: 'department', isDescending: false },
  ] as const) {
    expect(parseTotalsOrder(orderText(order))).toEqual(order);
  }
  expect([null, '', '-', 'size'].map(parseTotalsOrder)).toEqual([undefined, undefined, undefined, undefined]);
});
