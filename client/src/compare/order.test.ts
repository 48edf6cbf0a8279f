import { describe, expect, it } from 'vitest';
import { compareSums } from './comparison.ts';
import { type CompareColumn, orderAfterClick, searchRows, sortRows, usualOrder } from './order.ts';

const sums = (texts: Record<string, string>) => Object.entries(texts).map(([key, sum]) => ({ keys: [key], sum }));
const { rows } = compareSums(
  sums({ 'Shop 10': '5', 'Shop 2': '30', 'Shop 3': '0.5', new: '7', minus: '4' }),
  sums({ 'Shop 10': '25', 'Shop 2': '20', 'Shop 3': '0.1', gone: '7', minus: '-1' }),
);
const sorted = (column: CompareColumn, isDescending: boolean) =>
  sortRows(rows, { column, isDescending }).map(({ keys }) => keys[0]);

describe('sortRows', () => {
  it('begins with the largest differences, up or down; equal ones stay as they came', () => {
    expect(sorted('size', true)).toEqual(['Shop 10', 'Shop 2', 'new', 'gone', 'minus', 'Shop 3']);
    expect(sorted('size', false)).toEqual(['Shop 3', 'minus', 'new', 'gone', 'Shop 2', 'Shop 10']);
  });

  it('sorts by each column, numbers in names as numbers', () => {
    expect(sorted('group', false)).toEqual(['gone', 'minus', 'new', 'Shop 2', 'Shop 3', 'Shop 10']);
    expect(sorted('difference', true)).toEqual(['Shop 2', 'new', 'minus', 'Shop 3', 'gone', 'Shop 10']);
    expect(sorted('difference', false)).toEqual(['Shop 10', 'gone', 'Shop 3', 'minus', 'new', 'Shop 2']);
  });

  it('has what lacks a value last, either way', () => {
    expect(sorted('here', true)).toEqual(['Shop 2', 'new', 'Shop 10', 'minus', 'Shop 3', 'gone']);
    expect(sorted('here', false)).toEqual(['Shop 3', 'minus', 'Shop 10', 'new', 'Shop 2', 'gone']);
    expect(sorted('there', false)).toEqual(['minus', 'Shop 3', 'gone', 'Shop 2', 'Shop 10', 'new']);
    // Of a sum below zero there is no part.
    expect(sorted('change', true)).toEqual(['Shop 3', 'Shop 2', 'Shop 10', 'gone', 'new', 'minus']);
    expect(sorted('change', false)).toEqual(['gone', 'Shop 10', 'Shop 2', 'Shop 3', 'new', 'minus']);
  });

  it('tells changes apart that look the same when they are rounded', () => {
    const close = compareSums(sums({ a: '100.0001', b: '100.0002' }), sums({ a: '100', b: '100' }));
    expect(sortRows(close.rows, { column: 'change', isDescending: true }).map(({ keys }) => keys[0])).toEqual([
      'b',
      'a',
    ]);
  });
});

it('a search looks into all keys, whatever the case, and finds empty ones by their word', () => {
  const found = compareSums(
    [
      { keys: ['North', ''], sum: '1' },
      { keys: ['South', 'Desk'], sum: '1' },
    ],
    [],
  ).rows;
  const keysOf = (search: string) => searchRows(found, search).map(({ keys }) => keys[0]);
  expect([keysOf('desk'), keysOf('EMPTY'), keysOf(' '), keysOf('west')]).toEqual([
    ['South'],
    ['North'],
    ['North', 'South'],
    [],
  ]);
});

it('clicks on the head of differences go round: both signs, what has grown, what has shrunk', () => {
  let order = usualOrder;
  const columns = [1, 2, 3].map(() => {
    order = orderAfterClick(order, 'difference');
    return `${order.column} ${order.isDescending}`;
  });
  expect(columns).toEqual(['difference true', 'difference false', 'size true']);
  expect(orderAfterClick(usualOrder, 'group')).toEqual({ column: 'group', isDescending: false });
  expect(orderAfterClick({ column: 'here', isDescending: true }, 'here')).toEqual({
    column: 'here',
    isDescending: false,
  });
});
