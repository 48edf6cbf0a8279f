import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { MAX_RECORD_BYTES, RejectReason } from '../kernel.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { everyCut, outcomeOf } from '../testing/kernel-outcome.ts';
import { type AnalysisOptions, CsvAnalysis, inspectSample, SAMPLE_BYTES } from './analysis.ts';

/** Runs an analysis over pieces, each in a buffer that is overwritten afterwards. */
function analyze(pieces: Iterable<Uint8Array>, options: Partial<AnalysisOptions> = {}) {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, ...options });
  for (const piece of pieces) {
    const chunk = Uint8Array.from(piece);
    analysis.push(chunk);
    chunk.fill(0x22);
  }
  analysis.finish();
  return { ...outcomeOf(analysis), dialect: analysis.dialect, bytes: analysis.bytes };
}

function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

function expectSameForEveryCut(bytes: Uint8Array, options: Partial<AnalysisOptions> = {}) {
  const whole = analyze([bytes], options);
  for (const pieces of everyCut(bytes)) expect(analyze(pieces, options)).toEqual(whole);
  return whole;
}

const CSV = 'Department;Amount\r\nDécor;1,5\r\n"😀;x";2\r\n\r\nbad\r\nDécor;3\r\n';
const TOTALS = ['Décor: 4.5 x 2', '😀;x: 2 x 1'];

test('before the first byte there is nothing', () => {
  const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
  expect(analysis.bytes).toBe(0);
  expect(analysis.dialect).toBeUndefined();
  expect(analysis.snapshot(10)).toMatchObject({ rows: 0, rowsRejected: 0, departments: 0, total: 0n, top: [] });
  expect(analysis.takeRejects()).toEqual([]);
  expect([...analysis.totals(10)]).toEqual([]);
});

test('options are checked before the first byte', () => {
  expect(() => new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, header: 'maybe' })).toThrow(/header/);
  expect(() => new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, encoding: 'klingon' })).toThrow(/klingon/);
});

test('a file is detected and totalled, however it is cut', () => {
  const outcome = expectSameForEveryCut(Buffer.from(CSV));
  expect(outcome).toMatchObject({
    totals: TOTALS,
    rejects: ['5 @ 45 COLUMN_COUNT: bad'],
    blankLines: 1,
    bytes: Buffer.byteLength(CSV),
    dialect: { delimiter: ';', decimalSeparator: ',', encoding: 'utf-8', hasHeader: true },
  });
});

test('the byte order mark of UTF-8 is no part of the text, but of the offsets', () => {
  const outcome = expectSameForEveryCut(Buffer.from(`\ufeff${CSV}`));
  expect(outcome).toMatchObject({ totals: TOTALS, rejects: ['5 @ 48 COLUMN_COUNT: bad'] });
  expect(outcome.dialect!.columns[0]!.name).toBe('Department');
});

test.each([
  ['utf-16le', '', true],
  ['utf-16be', '', true],
  ['utf-16le', 'utf-16le', false],
  ['utf-16be', 'UTF-16BE', false],
  ['utf-16le', 'utf-16', true],
  ['utf-32le', 'utf-32le', false],
  ['gb18030', 'gb18030', false],
])('%s is read with the option %j (byte order mark: %s)', (encoding, option, addBOM) => {
  const bytes = iconv.encode(CSV, encoding as 'utf-16le', { addBOM });
  const outcome = expectSameForEveryCut(bytes, { encoding: option });
  expect(outcome).toMatchObject({ totals: TOTALS, rejects: ['5 @ 45 COLUMN_COUNT: bad'], bytes: bytes.length });
  expect(outcome.dialect!.encoding).toBe(option === '' ? encoding : option.toLowerCase());
});

test.each(['windows-1252', 'latin1', 'ISO-8859-15'])('%s is read by its name', (encoding) => {
  const bytes = iconv.encode('Dept,Amount\nDécor,1\nMünchen,2\n', encoding as 'latin1');
  expect(expectSameForEveryCut(bytes, { encoding }).totals).toEqual(['Décor: 1 x 1', 'München: 2 x 1']);
});

test('shift_jis is read although its second bytes look like ASCII', () => {
  const bytes = iconv.encode('Dept|Amount\n表|1\nソ|2\n', 'shift_jis');
  expect(expectSameForEveryCut(bytes, { encoding: 'Shift_JIS' }).totals).toEqual(['ソ: 2 x 1', '表: 1 x 1']);
});

test('a surrogate pair beyond the sample may be cut in its middle', () => {
  const text = `Dept,Amount\n${'a,1\n'.repeat(20_000)}😀,5\n`;
  for (const encoding of ['utf-16le', 'utf-16be'] as const) {
    const bytes = iconv.encode(text, encoding, { addBOM: true });
    for (let back = 1; back < 14; back++) {
      const cut = bytes.length - back;
      expect(analyze([bytes.subarray(0, cut), bytes.subarray(cut)]).totals).toEqual(['a: 20000 x 20000', '😀: 5 x 1']);
    }
  }
});

test.each(['', '\ufeff', '\n', '\r\n \t\r\n'])('a file of %j has no rows and no dialect', (text) => {
  const outcome = expectSameForEveryCut(Buffer.from(text));
  expect(outcome.dialect).toBeUndefined();
  expect(outcome.snapshot).toMatchObject({ rows: 0, rowsRejected: 0, departments: 0, total: 0n });
  expect(outcome.totals).toEqual([]);
  expect(outcome.blankLines).toBe(text.split(/\r?\n/).length - 1);
});

test('a header alone has a dialect and no rows', () => {
  const outcome = expectSameForEveryCut(Buffer.from('Department,Amount\n'));
  expect(outcome.dialect).toMatchObject({ hasHeader: true });
  expect(outcome.snapshot).toMatchObject({ rows: 0, rowsRejected: 0 });
});

test('what is detected does not depend on how much has arrived: always on the first 64 KiB', () => {
  // Decimal points begin right behind the sample, where they must not change what was detected.
  const head = `Dept;Amount\n${'a;1\n'.repeat((SAMPLE_BYTES - 12) / 4)}`;
  expect(head.length).toBe(SAMPLE_BYTES);
  const bytes = Buffer.from(`${head}a;1.5\na;1.5\n`);
  const whole = analyze([bytes]);
  expect(whole.dialect).toMatchObject({ decimalSeparator: ',' });
  expect(whole.snapshot.rowsRejected).toBe(2);
  for (const size of [1, 1000, SAMPLE_BYTES - 1, SAMPLE_BYTES, SAMPLE_BYTES + 1]) {
    expect(analyze(inPieces(bytes, size))).toEqual(whole);
  }
  expect(analyze([Buffer.from(`${head.slice(0, -8)}a;1.5`)]).dialect).toMatchObject({ decimalSeparator: '.' });
});

test('a record that the sample cuts does not count as evidence', () => {
  const rows = 'Dept;Amount\na;1,5\n';
  const filler = `b;2,5\n`.repeat(Math.floor((SAMPLE_BYTES - rows.length) / 6));
  const cut = 'c;"9.9 and much more that comes later\n';
  const outcome = analyze([Buffer.from(`${rows}${filler}${cut.repeat(3)}";1\n`)]);
  expect(outcome.dialect).toMatchObject({ delimiter: ';', decimalSeparator: ',' });
});

test('a first record beyond 64 KiB is waited for, up to 1 MiB', () => {
  const header = `"${'n'.repeat(SAMPLE_BYTES)}",Amount\n`;
  const bytes = Buffer.from(`${header}a,1\nb,2\n`);
  const whole = analyze([bytes]);
  expect(whole).toMatchObject({ totals: ['a: 1 x 1', 'b: 2 x 1'], dialect: { hasHeader: true } });
  expect(analyze(inPieces(bytes, 10_007))).toEqual(whole);
  const long = Buffer.from(`"${'n'.repeat(MAX_RECORD_BYTES)}",Amount\na,1\n`);
  for (const size of [10_007, long.length]) {
    expect(() => analyze(inPieces(long, size))).toThrow(expect.objectContaining({ code: 'HEADER_TOO_LONG' }));
  }
});

test('a file without a header has as many columns as its first record', () => {
  const outcome = analyze([Buffer.from('a,x,1\nb,y,2\nc,3\n')]);
  expect(outcome).toMatchObject({ totals: ['a: 1 x 1', 'b: 2 x 1'], rejects: ['3 @ 12 COLUMN_COUNT: c,3'] });
  expect(outcome.dialect!.columns).toEqual([0, 1, 2].map((index) => ({ index, name: '' })));
});

test('too many departments and unknown columns end the analysis', () => {
  expect(() => analyze([Buffer.from('D,Amount\na,1\nb,2\n')], { maxDepartments: 1 })).toThrow(
    expect.objectContaining({ code: 'TOO_MANY_DEPARTMENTS' }),
  );
  expect(() => analyze([Buffer.from('D,Amount\na,1\n')], { amountColumn: 'zz' })).toThrow(
    expect.objectContaining({ code: 'COLUMN_NOT_FOUND' }),
  );
});

test('another kernel can be used', () => {
  const plans: unknown[] = [];
  const createKernel = (plan: unknown) => {
    plans.push(plan);
    return {
      push() {},
      finish() {},
      snapshot: () => ({ rows: 42 }) as never,
      course: () => undefined,
      takeRejects: () => [],
      totals: () => [],
      encodedTotals: () => [],
      checkpoint: () => new Uint8Array(0),
      names: () => ({ totals: [], similar: { count: 0, first: undefined }, broken: { count: 0, first: '' } }),
    };
  };
  const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS, { createKernel });
  analysis.push(Buffer.from('a\tb\n'));
  analysis.finish();
  expect(plans).toMatchObject([{ delimiter: 9, columnCount: 2, maxRecordBytes: MAX_RECORD_BYTES }]);
  expect(analysis.snapshot(0).rows).toBe(42);
});

test('a sample shows its rows as they are understood and as the kernel judges them', () => {
  const csv = 'Dept,Amount\n" a ""b""",5\n\nc\nd,x\n,1\n"e"e,1\nf,-1\n"g';
  const { rows, doubts } = inspectSample(Buffer.from(csv), true, DEFAULT_ANALYSIS_OPTIONS);
  expect(rows).toEqual([
    { fields: ['a "b"', '5'], rejectReason: 0, isFiltered: false },
    { fields: ['c'], rejectReason: RejectReason.COLUMN_COUNT, isFiltered: false },
    { fields: ['d', 'x'], rejectReason: RejectReason.AMOUNT_NOT_A_NUMBER, isFiltered: false },
    { fields: ['', '1'], rejectReason: RejectReason.EMPTY_DEPARTMENT, isFiltered: false },
    { fields: ['e', '1'], rejectReason: RejectReason.MALFORMED_QUOTE, isFiltered: false },
    { fields: ['f', '-1'], rejectReason: 0, isFiltered: false },
    { fields: ['g'], rejectReason: RejectReason.UNTERMINATED_QUOTE, isFiltered: false },
  ]);
  expect(doubts.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^5 of 7 rows are left out: .*no department/),
  );
});

test('a sample shows at most 20 rows, without one that it cuts', () => {
  const csv = Buffer.from(`Dept,Amount\n${'a,1\n'.repeat(30)}`);
  expect(inspectSample(csv, true, DEFAULT_ANALYSIS_OPTIONS).rows).toHaveLength(20);
  const short = Buffer.from('Dept,Amount\na,1\nb,2');
  expect(inspectSample(short, true, DEFAULT_ANALYSIS_OPTIONS).rows).toHaveLength(2);
  expect(inspectSample(short, false, DEFAULT_ANALYSIS_OPTIONS).rows).toHaveLength(1);
});

test('a sample whose first record is cut is shown all the same, with a doubt', () => {
  const { dialect, doubts } = inspectSample(Buffer.from('Dept,Amount'), false, DEFAULT_ANALYSIS_OPTIONS);
  expect(dialect.columns.map(({ name }) => name)).toEqual(['Dept', 'Amount']);
  expect(doubts.map(({ message }) => message)).toContainEqual(expect.stringMatching(/longer than the sample/));
});

test('a sample and the analysis of its file agree on the dialect', () => {
  const bytes = Buffer.from(`Dept;x;Amount\n${'a;y;1,5\n'.repeat(20_000)}`);
  const { dialect } = inspectSample(bytes.subarray(0, SAMPLE_BYTES), false, DEFAULT_ANALYSIS_OPTIONS);
  expect(dialect).toEqual(analyze([bytes]).dialect);
  expect(inspectSample(bytes, true, DEFAULT_ANALYSIS_OPTIONS).dialect).toEqual(dialect);
});

test('a sample that is not UTF-8 is read as windows-1252, with a doubt; a character that is only cut is none', () => {
  const suggestion = expect.stringMatching(/windows-1252/);
  const latin = inspectSample(Buffer.from('Dept,Amount\nDécor,1\n', 'latin1'), true, DEFAULT_ANALYSIS_OPTIONS);
  expect(latin.doubts.map(({ message }) => message)).toContainEqual(suggestion);
  expect(latin.dialect.encoding).toBe('windows-1252');
  expect(latin.rows[0]).toEqual({ fields: ['Décor', '1'], rejectReason: 0, isFiltered: false });
  const text = Buffer.from('Dept,Amount\na,1\n😀');
  for (let back = 0; back < 4; back++) {
    const cut = inspectSample(text.subarray(0, text.length - back), false, DEFAULT_ANALYSIS_OPTIONS);
    expect(cut.doubts.map(({ message }) => message)).not.toContainEqual(suggestion);
  }
});

test.each([
  ['shift_jis', [0x81, 0x20]],
  ['windows-1252', [0x81, 0x8d]],
  ['utf-16le', [0x00, 0xd8, 0x41, 0x00]],
  ['utf-16be', [0xdc, 0x00]],
])('a department that is not valid %s is rejected, however it is cut', (encoding, invalid) => {
  const encode = (text: string) => iconv.encode(text, encoding);
  const bytes = Buffer.concat([encode('Dept|Amount\nx'), Buffer.from(invalid), encode('|1\nok|2\n')]);
  const outcome = expectSameForEveryCut(bytes, { encoding });
  expect(outcome).toMatchObject({ totals: ['ok: 2 x 1'], rejects: [expect.stringMatching(/^2 @ 12 INVALID_ENC/)] });
});

test('U+FFFD that stands in a UTF-16 file itself is a character', () => {
  const bytes = iconv.encode('Dept,Amount\n\ufffd,1\n', 'utf-16le', { addBOM: true });
  expect(expectSameForEveryCut(bytes).totals).toEqual(['\ufffd: 1 x 1']);
});
