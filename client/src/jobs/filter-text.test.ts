import { create, type MessageInitShape } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowFilterSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { readFilter } from '../../../server/src/process-csv/filter-text.ts';
import { filterText, parseFilter, splitList } from './filter-text.ts';

type Test = MessageInitShape<typeof RowFilterSchema>['test'];
const filter = (column: string, test: NonNullable<Test>) => create(RowFilterSchema, { column, test });
const isOneOf = (column: string, ...values: string[]) => filter(column, { case: 'in', value: { values } });
const isNoneOf = (column: string, ...values: string[]) => filter(column, { case: 'notIn', value: { values } });
const isBetween = (column: string, from: string, to: string) =>
  filter(column, { case: 'between', value: { from, to } });

describe('parseFilter and filterText', () => {
  it.each([
    ['Region in North', isOneOf('Region', 'North')],
    ['Department Name in Home & Garden,Toys', isOneOf('Department Name', 'Home & Garden', 'Toys')],
    ['Region not in North,South', isNoneOf('Region', 'North', 'South')],
    ['Date between 2026-01 and 2026-Q2', isBetween('Date', '2026-01', '2026-Q2')],
    ['Amount between "" and -1.5', isBetween('Amount', '', '-1.5')],
    ['Note is empty', isOneOf('Note', '')],
    ['Note is not empty', isNoneOf('Note', '')],
    ['Note in "",none', isOneOf('Note', '', 'none')],
    [
      '"Made in" in "Korea, South","the ""North""","not known"',
      isOneOf('Made in', 'Korea, South', 'the "North"', 'not known'),
    ],
    ['"" in " x "', isOneOf('', ' x ')],
  ])('%s', (text, message) => {
    expect(parseFilter(text)).toEqual(message);
    expect(filterText(message)).toBe(text);
  });

  it.each([
    ['Region IN North , South', isOneOf('Region', 'North', 'South')],
    ['  "Region"  Not In  "North"  ', isNoneOf('Region', 'North')],
    ['Amount between and 5', isBetween('Amount', '', '5')],
    ['Amount between 5 and ', isBetween('Amount', '5', '')],
    ['Who is it in a', isOneOf('Who is it', 'a')],
    ['Between us in a', isOneOf('Between us', 'a')],
    ['Region in is', isOneOf('Region', 'is')],
    ['Region in ', isOneOf('Region', '')],
    ['Region not in a,', isNoneOf('Region', 'a', '')],
    ['Region = North', isOneOf('Region', 'North')],
    ['Region=North, far', isOneOf('Region', 'North, far')],
    ['"Made in"!="a ""b"""', isNoneOf('Made in', 'a "b"')],
    ['Sales >= 10', isBetween('Sales', '10', '')],
    ['Sales<=-10', isBetween('Sales', '', '-10')],
    ['Sales in <5', isOneOf('Sales', '<5')],
    ['Sales in a=b', isOneOf('Sales', 'a=b')],
  ])('reads %s as a person writes it', (text, message) => expect(parseFilter(text)).toEqual(message));

  it.each([
    ...['', 'Region', 'Region like N', 'Region in', 'in North', '= 5', 'Sales >=', 'Sales >= ""', 'Region is full'],
    ...['Region in "North', 'Region in "North"x', 'Region in x"North"', 'Reg"ion in North', 'a,b in c'],
    ...['Amount between 1', 'Amount between and', 'Region is empty now', '"Region in North"'],
  ])('%j is none', (text) => expect(parseFilter(text)).toBeUndefined());

  it('reads every filter as it was written', () => {
    const word = fc.constantFrom(
      'in',
      'not',
      'between',
      'is',
      'and',
      'empty',
      ',',
      '"',
      '""',
      ' ',
      '\n',
      'x',
      'Ä',
      '=',
      '<',
      '!',
    );
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word).map((words) => words.join('')),
      fc.array(word).map((words) => words.join(' ')),
    );
    const values = fc.array(anyText, { minLength: 1, maxLength: 5 });
    const anyFilter = fc.oneof(
      fc.tuple(anyText, values).map(([column, list]) => isOneOf(column, ...list)),
      fc.tuple(anyText, values).map(([column, list]) => isNoneOf(column, ...list)),
      fc
        .tuple(anyText, anyText, anyText)
        .filter(([, from, to]) => from !== '' || to !== '')
        .map(([column, from, to]) => isBetween(column, from, to)),
    );
    fc.assert(
      fc.property(anyFilter, (message) => {
        expect(parseFilter(filterText(message))).toEqual(message);
      }),
      { numRuns: 2000 },
    );
  });

  it('writes lists as the server reads them', () => {
    const anyFilter = fc
      .tuple(fc.string({ minLength: 1 }), fc.array(fc.string(), { minLength: 1 }))
      .map(([column, values]) => isOneOf(column, ...values));
    fc.assert(
      fc.property(anyFilter, (message) => {
        expect(readFilter(filterText(message))).toEqual(message);
      }),
    );
  });

  it('never fails on a text of any kind', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const message = parseFilter(`a${text} in b${text}`);
        if (message !== undefined) expect(parseFilter(filterText(message))).toEqual(message);
      }),
    );
  });
});

describe('splitList', () => {
  it('splits at commas outside of quotes', () =>
    expect(splitList('North, "Korea, South" ,""')).toEqual(['North', 'Korea, South', '']));
  it('is undefined for a quote without an end', () => expect(splitList('North, "South')).toBeUndefined());
});
