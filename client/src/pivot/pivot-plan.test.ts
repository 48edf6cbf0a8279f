import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import type { Group } from '../groups/groups.ts';
import { planPivot } from './pivot-plan.ts';

const region: Group = { index: 0, name: 'Region', period: undefined };
const product: Group = { index: 1, name: 'Product', period: undefined };
const date: Group = { index: 2, name: 'Date', period: 'day' };
const totals = (days: number) =>
  Array.from({ length: days }, (_, day) => create(TotalSchema, { department: String(day), keys: [String(day), 'x'] }));

describe('planPivot', () => {
  it('lets time go from left to right, and others by their totals from above', () => {
    const plan = { row: 1, column: 0, rowOrder: 'total', columnOrder: 'name' };
    expect(planPivot({}, [date, region], totals(200))).toEqual(plan);
  });
  it('lets time go down where it is too long', () => {
    const plan = { row: 0, column: 1, rowOrder: 'name', columnOrder: 'total' };
    expect(planPivot({}, [date, region], totals(201))).toEqual(plan);
  });
  it('goes by what is chosen, as far as that is possible', () => {
    const places = (rows?: number, columns?: number) => {
      const view = { ...(rows !== undefined && { rows }), ...(columns !== undefined && { columns }) };
      const { row, column } = planPivot(view, [region, product, date], []);
      return [row, column];
    };
    expect(places()).toEqual([0, 2]);
    expect(places(1, 0)).toEqual([1, 0]);
    expect(places(0, 0)).toEqual([0, 1]);
    expect(places(undefined, 0)).toEqual([1, 0]);
    expect(places(3, 1)).toEqual([0, 1]);
  });
  it('sorts as is chosen', () => expect(planPivot({ sort: 'name' }, [region, product], []).rowOrder).toBe('name'));
});
