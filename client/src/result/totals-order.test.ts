import { describe, expect, it } from 'vitest';
import { orderAfterClick, orderBy } from './totals-order.ts';

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
