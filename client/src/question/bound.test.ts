import { describe, expect, it } from 'vitest';
import { type BoundFormat, isReversed, readBound } from './bound.ts';

const format = (kind: BoundFormat['kind'], decimalSeparator = '.', groupSeparator = '') => ({
  kind,
  decimalSeparator,
  groupSeparator,
});
/** The form of the server, several where it is unclear, or nothing. */
const read = (text: string, as: BoundFormat) => {
  const reading = readBound(text, as);
  if (reading.state === 'read') return reading.text;
  return reading.state === 'unclear' ? reading.choices.join(' or ') : reading.state;
};

describe('readBound', () => {
  it.each([
    ['', 'empty'],
    [' 2025 ', '2025'],
    ['2026-12', '2026-12'],
    ['2026-12-31', '2026-12-31'],
    ['2026-Q4', '2026-Q4'],
    ['2026-W53', '2026-W53'],
    ['2025/03/01', '2025-03-01'],
    ['2025.3.1', '2025-03-01'],
    ['20250301', '2025-03-01'],
    ['2025-3', '2025-03'],
    ['3/2025', '2025-03'],
    ['03.2025', '2025-03'],
    ['31.12.2025', '2025-12-31'],
    ['12/31/2025', '2025-12-31'],
    ['31. 12. 2025', '2025-12-31'],
    ['2/2/2025', '2025-02-02'],
    ['1.3.2025', '2025-03-01 or 2025-01-03'],
    ['03/01/2025', '2025-01-03 or 2025-03-01'],
    ['March 2025', '2025-03'],
    ['Mar 2025', '2025-03'],
    ['Sept. 2025', '2025-09'],
    ['2025 may', '2025-05'],
    ['1 March 2025', '2025-03-01'],
    ['1st of March, 2025', '2025-03-01'],
    ['March 1, 2025', '2025-03-01'],
    ['01-Mar-2025', '2025-03-01'],
    ['Q1 2025', '2025-Q1'],
    ['2025q1', '2025-Q1'],
    ['week 5 2025', '2025-W05'],
    ['2025-W5', '2025-W05'],
    // Nothing of these is a date, though some are numbers.
    ['01.03', 'unread'],
    ['1', 'unread'],
    ['20251', 'unread'],
    ['1.3.25', 'unread'],
    ['2025-02-30', 'unread'],
    ['31.02.2025', 'unread'],
    ['2025-13', 'unread'],
    ['2025-Q5', 'unread'],
    ['2025-W53', 'unread'],
    ['0000', 'unread'],
    ['ma 2025', 'unread'],
    ['Marches 2025', 'unread'],
    ['2025-03-01T10:00', 'unread'],
    ['yesterday', 'unread'],
  ])('of a date, %j is %s', (text, expected) => expect(read(text, format('date'))).toBe(expected));

  it.each([
    ['5', '5'],
    ['-1.5', '-1.5'],
    ['+3', '+3'],
    ['\u22123', '-3'],
    ['1,5', '1.5'],
    ['01.03', '01.03'],
    ['1234.567', '1234.567'],
    ['1.234', '1.234'],
    ['1,234', '1234 or 1.2340'],
    ['1,234,567', '1234567'],
    ['1.234.567', '1234567'],
    ['1,234.5', '1234.5'],
    ['1.234,5', '1234.5'],
    ['1 234 567,25', '1234567.25'],
    ["1'234.5", '1234.5'],
    ['1\u202f234', '1234'],
    ['0,125', '0.125'],
    ['1,23,4', 'unread'],
    ['12 34', 'unread'],
    ['1.5.', 'unread'],
    ['1.1234567', 'unread'],
    ['1234567890123456789', 'unread'],
    ['2025-03', 'unread'],
    ['5 €', 'unread'],
    ['x', 'unread'],
  ])('of a number, %j is %s', (text, expected) => expect(read(text, format('number'))).toBe(expected));

  it('reads a number as its file does, where that is certain, and never the other way', () => {
    expect(read('1,234', format('number', '.', ','))).toBe('1234');
    expect(read('1,234', format('number', ','))).toBe('1.2340');
    expect(read('1.234', format('number', ','))).toBe('1234 or 1.2340');
    expect(read('1.234', format('number', ',', '.'))).toBe('1234');
    // What it has read is read the same again.
    for (const text of ['1234', '1.2340', '1234.5']) expect(read(text, format('number', ',', '.'))).toBe(text);
  });

  it('takes both where nobody knows the kind', () => {
    const texts = ['5', '1,5', '2025', '2025-03', 'March 2025', 'x'];
    expect(texts.map((text) => read(text, format('either')))).toEqual([
      ...['5', '1.5', '2025', '2025-03', '2025-03'],
      'unread',
    ]);
  });

  it('knows the beginning of a date or number from what will be none', () => {
    const isUnfinished = (text: string, kind: BoundFormat['kind']) => {
      const reading = readBound(text, format(kind));
      return reading.state === 'unread' && reading.isUnfinished;
    };
    for (const text of ['2', '202', '2025-', '2025-Q', '2025-W', '01.03', '01.03.', 'Mar', 'March 20']) {
      expect([text, isUnfinished(text, 'date')]).toEqual([text, true]);
    }
    for (const text of ['2025-13', '31.02.2025', '2025x']) expect(isUnfinished(text, 'date')).toBe(false);
    expect(['-', '1.', '1,', 'x', '1.5x'].map((text) => isUnfinished(text, 'number'))).toEqual([
      ...[true, true, true],
      ...[false, false],
    ]);
  });
});

it.each([
  ['2026-05', '2026-03', true],
  ['2026-03', '2026-03', false],
  ['2026-03', '2026', false],
  ['2026-Q4', '2026-11', false],
  ['2027', '2026-W52', true],
])('isReversed of the dates %s and %s is %s', (from, to, expected) =>
  expect(isReversed(from, to, 'date')).toBe(expected),
);
it.each([
  ['10', '9', true],
  ['-2', '-1', false],
  ['-1', '-2', true],
  ['123456789012345678.000002', '123456789012345678.000001', true],
  ['1.50', '1.5', false],
])('isReversed of the numbers %s and %s is %s', (from, to, expected) =>
  expect(isReversed(from, to, 'number')).toBe(expected),
);
