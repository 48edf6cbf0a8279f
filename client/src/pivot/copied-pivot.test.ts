import { create } from '@bufbuild/protobuf';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { copyPivot } from './copied-pivot.ts';
import { makePivot } from './pivot.ts';

it('a pivot is copied with its totals, exact digits, and no name that a spreadsheet would run', () => {
  const total = (sum: string, ...keys: string[]) => create(TotalSchema, { department: keys[0] ?? '', keys, sum });
  const totals = [total('9007199254740993', '=1+1', '2026-01'), total('-0.5', 'a\tb', '2026-02')];
  const pivot = makePivot(totals, { row: 0, column: 1, rowOrder: 'total', columnOrder: 'name' });
  const { text, html } = copyPivot(pivot, ['Region', 'Total']);
  expect(parse(text, { delimiter: '\t' })).toEqual([
    ['Region', '2026-01', '2026-02', 'Total'],
    ["'=1+1", '9007199254740993.0', '', '9007199254740993.0'],
    ['a\tb', '', '-0.5', '-0.5'],
    ['Total', '9007199254740993.0', '-0.5', '9007199254740992.5'],
  ]);
  expect(html).toContain("<td>'=1+1</td>");
});
