import { AMOUNT_CASES } from './amount-cases.ts';
import type { KernelCase } from './kernel-case.ts';
import { QUOTE_CASES } from './quote-cases.ts';

function bytes(...parts: (string | number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Uint8Array.from(part))));
}

const RECORDS: KernelCase[] = [
  { behaviour: 'an empty text has nothing', csv: '', totals: [] },
  { behaviour: 'rows of a department are summed', csv: 'a,1\nb,2\na,3\n', totals: ['a: 4 x 2', 'b: 2 x 1'] },
  { behaviour: 'a last record without a line end counts', csv: 'a,1\na,2', totals: ['a: 3 x 2'] },
  {
    behaviour: 'LF, CRLF and CR end records',
    csv: 'a,1\nb,2\r\nc,3\rd,4\r\r\n',
    totals: ['a: 1 x 1', 'b: 2 x 1', 'c: 3 x 1', 'd: 4 x 1'],
    blankLines: 1,
  },
  { behaviour: 'a CR at the end of the text ends the last record', csv: 'a,1\ra,2\r', totals: ['a: 3 x 2'] },
  {
    behaviour: 'the header is skipped, behind blank lines too',
    csv: '\n  \nDepartment,Amount\na,1\n',
    plan: { hasHeader: true },
    totals: ['a: 1 x 1'],
    blankLines: 2,
  },
  { behaviour: 'a header alone has no rows', csv: 'Department,Amount', plan: { hasHeader: true }, totals: [] },
  {
    behaviour: 'a header may hold line breaks and have any number of columns',
    csv: '"Depart\nment","Am""ount",more\r\na,1\nb\n',
    plan: { hasHeader: true },
    totals: ['a: 1 x 1'],
    rejects: ['4 @ 35 COLUMN_COUNT: b'],
  },
  {
    behaviour: 'a malformed header is skipped without a reject',
    csv: '"Department"x,Amount\na,1\n',
    plan: { hasHeader: true },
    totals: ['a: 1 x 1'],
  },
  {
    behaviour: 'blank lines are counted and skipped',
    csv: '\n\r\na,1\n\n\r \t\x0b\x0c\n',
    totals: ['a: 1 x 1'],
    blankLines: 5,
  },
  {
    behaviour: 'without trim white space is no blank line',
    csv: '\n \na,1\n',
    plan: { trim: false },
    totals: ['a: 1 x 1'],
    rejects: ['2 @ 1 COLUMN_COUNT:  '],
    blankLines: 1,
  },
  {
    behaviour: 'an empty quoted field is no blank line',
    csv: '""\n',
    totals: [],
    rejects: ['1 @ 0 COLUMN_COUNT: ""'],
  },
  {
    behaviour: 'a line of delimiters is no blank line, even if they are white space',
    csv: '\t\n \t \n\t\t\n',
    plan: { delimiter: 9 },
    totals: [],
    rejects: ['1 @ 0 EMPTY_DEPARTMENT: \t', '2 @ 2 EMPTY_DEPARTMENT:  \t ', '3 @ 6 COLUMN_COUNT: \t\t'],
  },
  {
    behaviour: 'rows with fewer or more columns are rejected',
    csv: 'a\na,1,\na,1\na,1,2\n',
    totals: ['a: 1 x 1'],
    rejects: ['1 @ 0 COLUMN_COUNT: a', '2 @ 2 COLUMN_COUNT: a,1,', '4 @ 11 COLUMN_COUNT: a,1,2'],
  },
  {
    behaviour: 'the columns may be anywhere and in any order',
    csv: 'x,1,y,a,z\nx,2,y,b,z\n,3,,a,\n',
    plan: { columnCount: 5, departmentIndex: 3, amountIndex: 1 },
    totals: ['a: 4 x 2', 'b: 2 x 1'],
  },
  {
    behaviour: 'reasons have an order: columns, department, amount, encoding',
    csv: bytes(',x,1\n,x\n  ,-1\n', [0xff], ',\n', [0xff], ',x\n', [0xff], ',-1\n', [0xff], ',1\n'),
    totals: [],
    rejects: [
      '1 @ 0 COLUMN_COUNT: ,x,1',
      '2 @ 5 EMPTY_DEPARTMENT: ,x',
      '3 @ 8 EMPTY_DEPARTMENT:   ,-1',
      '4 @ 14 EMPTY_AMOUNT: \ufffd,',
      '5 @ 17 AMOUNT_NOT_A_NUMBER: \ufffd,x',
      '6 @ 21 NEGATIVE_AMOUNT: \ufffd,-1',
      '7 @ 26 INVALID_ENCODING: \ufffd,1',
    ],
  },
  {
    behaviour: 'a NUL is an ordinary byte',
    csv: 'a\0b,1\n',
    totals: ['a\0b: 1 x 1'],
  },
];

const UNICODE: KernelCase[] = [
  {
    behaviour: 'departments are in any script',
    csv: 'Décor,1\n文具,2\nИгрушки,4\n😀,8\nDécor,16\n',
    totals: ['Décor: 17 x 2', 'Игрушки: 4 x 1', '文具: 2 x 1', '😀: 8 x 1'],
  },
  {
    behaviour: 'departments are compared by bytes: forms of one letter differ',
    csv: 'é,1\ne\u0301,2\n',
    totals: ['e\u0301: 2 x 1', 'é: 1 x 1'],
  },
  {
    behaviour: 'the order is that of code points, not of UTF-16',
    csv: '\uffee,1\n😀,2\nz,3\n',
    totals: ['z: 3 x 1', '\uffee: 1 x 1', '😀: 2 x 1'],
  },
  {
    behaviour: 'the shorter of two names comes first',
    csv: 'ab,1\na,2\nabc,3\n',
    totals: ['a: 2 x 1', 'ab: 1 x 1', 'abc: 3 x 1'],
  },
  ...[
    { what: 'a lone continuation byte', name: [0x80], raw: '\ufffd' },
    { what: 'a cut character', name: [0xc3], raw: '\ufffd' },
    { what: 'an overlong form', name: [0xc0, 0xaf], raw: '\ufffd\ufffd' },
    { what: 'an overlong form of three bytes', name: [0xe0, 0x80, 0xaf], raw: '\ufffd\ufffd\ufffd' },
    { what: 'a surrogate', name: [0xed, 0xa0, 0x80], raw: '\ufffd\ufffd\ufffd' },
    { what: 'a code point beyond U+10FFFF', name: [0xf4, 0x90, 0x80, 0x80], raw: '\ufffd\ufffd\ufffd\ufffd' },
  ].map(({ what, name, raw }) => ({
    behaviour: `a department with ${what} is not valid UTF-8, each time`,
    csv: bytes('x', name, ',1\nx', name, ',1\n'),
    totals: [],
    rejects: [`1 @ 0 INVALID_ENCODING: x${raw},1`, `2 @ ${name.length + 4} INVALID_ENCODING: x${raw},1`],
  })),
  {
    behaviour: 'other columns may hold any bytes',
    csv: bytes('a,', [0xff, 0xc0], ',1\n'),
    plan: { columnCount: 3, amountIndex: 2 },
    totals: ['a: 1 x 1'],
  },
];

const LIMITS: KernelCase[] = [
  {
    behaviour: 'a record of exactly the limit is read, one byte more is too long',
    csv: 'abcdefgh,1\nabcdefghi,1\na,2\n',
    plan: { maxRecordBytes: 10 },
    totals: ['a: 2 x 1', 'abcdefgh: 1 x 1'],
    rejects: ['2 @ 11 RECORD_TOO_LONG: abcdefghi,1'],
  },
  {
    behaviour: 'a plain row of a known department can be too long',
    csv: 'a,1\na,        2\na,         3\n',
    plan: { maxRecordBytes: 11 },
    totals: ['a: 3 x 2'],
    rejects: ['3 @ 16 RECORD_TOO_LONG: a,         3'],
  },
  {
    behaviour: 'the line end does not count for the limit',
    csv: 'abcdefgh,1\r\n"bcdef",11\rabcdefgh,1',
    plan: { maxRecordBytes: 10 },
    totals: ['abcdefgh: 2 x 2', 'bcdef: 11 x 1'],
  },
  {
    behaviour:
      'line breaks in the quotes of a record that is too long do not end it: no row is made up of what is inside',
    csv: '"abcdefghijk\nphantom,1\n",2\nb,1\n',
    plan: { maxRecordBytes: 10 },
    totals: ['b: 1 x 1'],
    rejects: ['1 @ 0 RECORD_TOO_LONG: "abcdefghijk\nphantom,1\n",2'],
  },
  {
    behaviour: 'a quote that is never closed is one reject, however long what follows is',
    csv: 'b,1\n"abcdefghijk\nb,1\n"c\n',
    plan: { maxRecordBytes: 10 },
    totals: ['b: 1 x 1'],
    rejects: ['2 @ 4 RECORD_TOO_LONG: "abcdefghijk\nb,1\n"c'],
  },
  {
    behaviour: 'outside quotes a record that is too long ends at the next line break',
    csv: 'abcdefghijklm,1\nb,1\n',
    plan: { maxRecordBytes: 10 },
    totals: ['b: 1 x 1'],
    rejects: ['1 @ 0 RECORD_TOO_LONG: abcdefghijklm,1'],
  },
  {
    behaviour: 'a malformed record that is too long is too long',
    csv: '"a"bcdefghijk\nb,1\n',
    plan: { maxRecordBytes: 10 },
    totals: ['b: 1 x 1'],
    rejects: ['1 @ 0 RECORD_TOO_LONG: "a"bcdefghijk'],
  },
  {
    behaviour: 'a last record that is too long is one reject',
    csv: 'b,1\n"abcdefghijkl',
    plan: { maxRecordBytes: 10 },
    totals: ['b: 1 x 1'],
    rejects: ['2 @ 4 RECORD_TOO_LONG: "abcdefghijkl'],
  },
  {
    behaviour: 'only so many rejects are handed out, the first ones',
    csv: 'a\nb\nc\n',
    plan: { maxRejects: 2 },
    totals: [],
    rejects: ['1 @ 0 COLUMN_COUNT: a', '2 @ 2 COLUMN_COUNT: b'],
  },
];

/** Every rule, one case each. They are short, so that each can be cut at every byte. */
export const KERNEL_CASES: readonly KernelCase[] = [...RECORDS, ...QUOTE_CASES, ...UNICODE, ...LIMITS, ...AMOUNT_CASES];
