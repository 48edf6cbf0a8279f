import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { ColumnSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { shownColumns } from './shown-columns.ts';

const columns = Array.from({ length: 30 }, (_, index) => create(ColumnSchema, { index, name: `c${index}` }));
const isChosen = (index: number) => index === 20 || index === 3;
const shown = (count: number, isWhole: boolean) =>
  shownColumns(columns.slice(0, count), isChosen, isWhole).map(({ index }) => index);

it('leaves a few columns in their places', () =>
  expect(shown(12, false)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));

it('shows the chosen ones of many first, then the first others', () =>
  expect(shown(30, false)).toEqual([3, 20, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10]));

it('shows all of them on demand', () => {
  expect(shown(30, true).slice(0, 4)).toEqual([3, 20, 0, 1]);
  expect(shown(30, true)).toHaveLength(30);
});
