import { expect, it } from 'vitest';
import { inPageWords } from './page-words.ts';

it.each([
  [
    'Amounts such as 1,234 are read as 1234; set decimalSeparator to "," if that is wrong.',
    'Amounts such as 1,234 are read as 1234; set “Decimal sign” to comma if that is wrong.',
  ],
  ['set decimalSeparator to ".".', 'set “Decimal sign” to point.'],
  [
    'they count. Set negativeAmounts to reject to leave them out.',
    'they count. Set “Below zero” to “Leave out” to leave them out.',
  ],
  ['set skipLines to 0 if that is wrong.', 'set “Lines to skip” to 0 if that is wrong.'],
  ['set header to false if that is wrong.', 'set “First row” to “Data” if that is wrong.'],
  ['set departmentColumn to choose.', 'set “Group by” to choose.'],
  ['where has a range between "b" and "a"', '“Only where” has a range between "b" and "a"'],
  ['set delimiter if that is the right one.', 'set “Separator” if that is the right one.'],
  ['check delimiter, quote and skipLines, and whether', 'check “Separator”, “Quotes” and “Lines to skip”, and whether'],
  ['check the delimiter and the quote', 'check the “Separator” and the “Quotes”'],
  ['Set encoding to that of the file', 'Set “Encoding” to that of the file'],
  ['delimiter and quote are both "x"', '“Separator” and “Quotes” are both "x"'],
])('names settings as they are labelled: %s', (theirs, ours) => expect(inPageWords(theirs)).toBe(ours));

it.each([
  'The first record has a malformed quote.',
  'See the lines where the quote is missing.',
  'If a quote is missing there, add it.',
  'The header and the rows have different numbers of columns: check that the columns are right.',
  'a name that is not valid in the encoding',
])('leaves words that only sound like options: %s', (sentence) => expect(inPageWords(sentence)).toBe(sentence));
