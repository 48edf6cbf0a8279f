import { create } from '@bufbuild/protobuf';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { FiguresSchema, TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { copyTable, copyTotals } from './copied-totals.ts';

const heads = ['Department', 'Sum', 'Rows', 'Mean', 'Smallest', 'Largest'];
const total = (department: string) =>
  create(TotalSchema, { department, sum: '-12.50', count: 3n, mean: '-4.166667', min: '-10', max: '7' });

test('every name comes out of the clipboard as it was, and digits stay exact', () => {
  const names = ['Toys', 'a\tb', 'two\nlines', 'say "hi"', ' spaces '];
  const { text } = copyTotals(names.map(total), heads, []);
  expect(parse(text, { delimiter: '\t' })).toEqual([
    heads,
    ...names.map((name) => [name, '-12.50', '3', '-4.166667', '-10', '7']),
  ]);
});

test('a name that a spreadsheet would run is taken for text, and markup for what it says', () => {
  const { text, html } = copyTotals([total('=1+1'), total('a\t=2'), total('<b>&')], heads, []);
  expect(text).toContain("a\t'=2");
  expect(text).toContain("\n'=1+1\t");
  expect(html).toContain("<td>'=1+1</td>");
  expect(html).toContain('<td>&lt;b&gt;&amp;</td><td>-12.50</td>');
});

test('the sums of other amounts come behind the rest', () => {
  const figures = ['-12.50', '8'].map((sum) => create(FiguresSchema, { sum }));
  const several = { ...total('Toys'), figures };
  const { text } = copyTotals([several], heads, [{ place: 1, name: '=Tax' }]);
  expect(parse(text, { delimiter: '\t' })).toEqual([
    [...heads, "'=Tax"],
    ['Toys', '-12.50', '3', '-4.166667', '-10', '7', '8'],
  ]);
});

test('numbers have the decimal sign of the locale, and no groups', () => {
  const rows = [
    [
      { text: 'a.b', isName: true },
      { text: '-1234567.50', isName: false },
      { text: '7', isName: false },
    ],
  ];
  const copied = (locale: string) => copyTable([[], ...rows], locale).text.trim();
  expect(copied('de-DE')).toBe('a.b\t-1234567,50\t7');
  expect(copied('fr-CH')).toBe('a.b\t-1234567,50\t7');
  expect(copied('en-GB')).toBe('a.b\t-1234567.50\t7');
  expect(copied('ar-EG')).toBe('a.b\t-1234567.50\t7');
});
