import { code, type KernelCase } from './kernel-case.ts';

/** Decimal commas. */
const GERMAN = { decimalSeparator: code(','), groupSeparator: code('.') };

/** The meaning of quotes, and of white space in and around them. */
export const QUOTE_CASES: readonly KernelCase[] = [
  {
    behaviour: 'a quoted field keeps delimiters and line breaks',
    csv: '"a,\r\nb",1\n"c\rd","2"\r\n"e\nf",3',
    totals: ['a,\r\nb: 1 x 1', 'c\rd: 2 x 1', 'e\nf: 3 x 1'],
  },
  {
    behaviour: 'two quotes in a quoted field are one',
    csv: '"a""b",1\n"""",2\n"""""x""",3\n',
    totals: ['": 2 x 1', '""x": 3 x 1', 'a"b: 1 x 1'],
  },
  {
    behaviour: 'a department is the same quoted and unquoted',
    csv: 'a,1\n"a",2\n "a" ,4\n" a ",8\n',
    totals: ['a: 15 x 4'],
  },
  {
    behaviour: 'a quote in the middle of an unquoted field is an ordinary character',
    csv: 'a"b,1\na""b",2\n5"" x 3" \'x\',4\n',
    totals: ['5"" x 3" \'x\': 4 x 1', 'a""b": 2 x 1', 'a"b: 1 x 1'],
  },
  {
    behaviour: 'a quote as the first character after text is an ordinary character',
    csv: 'a "b",1\n',
    totals: ['a "b": 1 x 1'],
  },
  {
    behaviour: 'without trim only the very first character opens quotes',
    csv: ' "a",1\n"b",2\n',
    plan: { trim: false },
    totals: [' "a": 1 x 1', 'b: 2 x 1'],
  },
  {
    behaviour: 'without trim white space after the closing quote is malformed',
    csv: '"a" ,1\n"b",2\n',
    plan: { trim: false },
    totals: ['b: 2 x 1'],
    rejects: ['1 @ 0 MALFORMED_QUOTE: "a" ,1'],
  },
  {
    behaviour: 'text after a closing quote costs only its own row',
    csv: '"a"x,1\n"b" y",2\n"c" "d",3\ne,4\n',
    totals: ['e: 4 x 1'],
    rejects: ['1 @ 0 MALFORMED_QUOTE: "a"x,1', '2 @ 7 MALFORMED_QUOTE: "b" y",2', '3 @ 16 MALFORMED_QUOTE: "c" "d",3'],
  },
  {
    behaviour: 'from a malformed quote on, quotes have no meaning in that row',
    csv: '"a"x,"1\nb,2\n',
    totals: ['b: 2 x 1'],
    rejects: ['1 @ 0 MALFORMED_QUOTE: "a"x,"1'],
  },
  {
    behaviour: 'a file that ends inside quotes has one reject for the record',
    csv: 'a,1\n"b,2\nc,3\n',
    totals: ['a: 1 x 1'],
    rejects: ['2 @ 4 UNTERMINATED_QUOTE: "b,2\nc,3\n'],
  },
  { behaviour: 'a file may end with a closing quote', csv: 'a,"1"', totals: ['a: 1 x 1'] },
  {
    behaviour: 'a file that ends right after an opening quote is unterminated',
    csv: 'a,"',
    totals: [],
    rejects: ['1 @ 0 UNTERMINATED_QUOTE: a,"'],
  },
  {
    behaviour: 'a file that ends in the middle of two quotes has closed its field',
    csv: 'a,"1""',
    totals: [],
    rejects: ['1 @ 0 UNTERMINATED_QUOTE: a,"1""'],
  },
  {
    behaviour: 'without a quote character quotes are ordinary characters',
    csv: '"a,1\n"b"x,2\n',
    plan: { quote: 0 },
    totals: ['"a: 1 x 1', '"b"x: 2 x 1'],
  },
  {
    behaviour: 'any ASCII character can be the quote',
    csv: "'a,''b''',1\n\"c\",2\n",
    plan: { quote: code("'") },
    totals: ['"c": 2 x 1', "a,'b': 1 x 1"],
  },
  {
    behaviour: 'a quoted amount may hold the delimiter as decimal or group separator',
    csv: 'a,"1,234.5"\nb,"1,000"\n',
    totals: ['a: 1234.5 x 1', 'b: 1000 x 1'],
  },
  {
    behaviour: 'a delimiter is a decimal separator only inside quotes',
    csv: 'a,"1,5"\na,1,5\na,2\n',
    plan: GERMAN,
    totals: ['a: 3.5 x 2'],
    rejects: ['2 @ 8 COLUMN_COUNT: a,1,5'],
  },
  {
    behaviour: 'an amount may hold two quotes, which are no number',
    csv: 'a,"1""2"\n',
    totals: [],
    rejects: ['1 @ 0 AMOUNT_NOT_A_NUMBER: a,"1""2"'],
  },
  {
    behaviour: 'line numbers count the lines inside quotes, CRLF as one',
    csv: '"a\r\n\r\n\n\r",1\nx\n"\r\n"\r\nx\n',
    totals: ['a: 1 x 1'],
    rejects: ['6 @ 12 COLUMN_COUNT: x', '7 @ 14 COLUMN_COUNT: "\r\n"', '9 @ 20 COLUMN_COUNT: x'],
  },
  {
    behaviour: 'white space around fields is removed, inside quotes too',
    csv: ' a\t,\x0b1\x0c\n" \r\n a ", " 2 " \n',
    totals: ['a: 3 x 2'],
  },
  { behaviour: 'white space inside a field stays', csv: 'a  b,1\n', totals: ['a  b: 1 x 1'] },
  {
    behaviour: 'white space before an opening quote is not part of the field',
    csv: '  "a,b" ,5\n\t"c"\t,\t"6"\t\n',
    totals: ['a,b: 5 x 1', 'c: 6 x 1'],
  },
  {
    behaviour: 'U+00A0, U+200B and U+FEFF are white space around a field, others are not',
    csv: '\u00a0a,1\n\ufeffa\u200b ,2\n" \u00a0a",\u00a04\u00a0\n\u3000a,8\n',
    totals: ['a: 7 x 3', '\u3000a: 8 x 1'],
  },
  {
    behaviour: 'they may stand before and behind quotes, as in a file that was joined',
    csv: '\ufeff"a",1\n\u00a0"a"\u200b,2\n"a\nb"\u00a0 \ufeff,4\n',
    totals: ['a: 3 x 2', 'a\nb: 4 x 1'],
  },
  {
    behaviour: 'half of one is none: before a quote it makes it an ordinary character, behind one it is malformed',
    csv: Buffer.from('\xe2\x80"a",1\nb"\xc2",1\n"c"\xef\xbb,1\n"c"\xc2\n', 'latin1'),
    totals: [],
    rejects: [
      '1 @ 0 INVALID_ENCODING: \ufffd"a",1',
      '2 @ 8 INVALID_ENCODING: b"\ufffd",1',
      '3 @ 15 MALFORMED_QUOTE: "c"\ufffd,1',
      '4 @ 23 MALFORMED_QUOTE: "c"\ufffd',
    ],
  },
  {
    behaviour: 'without trim white space is part of the field',
    csv: 'a,1\n a,2\na ,4\n" a",8\na, 5\n',
    plan: { trim: false },
    totals: [' a: 10 x 2', 'a: 1 x 1', 'a : 4 x 1'],
    rejects: ['5 @ 21 AMOUNT_NOT_A_NUMBER: a, 5'],
  },
  {
    behaviour: 'a delimiter is never trimmed',
    csv: 'a\t1\n a \t 2 \n"\ta\t"\t4\n',
    plan: { delimiter: 9 },
    totals: ['\ta\t: 4 x 1', 'a: 3 x 2'],
  },
  {
    behaviour: 'a space can be the delimiter',
    csv: 'a 1\n"b c" 2\n d\n',
    plan: { delimiter: 32 },
    totals: ['a: 1 x 1', 'b c: 2 x 1'],
    rejects: ['3 @ 12 EMPTY_DEPARTMENT:  d'],
  },
];
