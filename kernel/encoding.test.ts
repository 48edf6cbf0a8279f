import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { CsvAnalysis, inspectSample, SAMPLE_BYTES } from './analysis/analysis.ts';
import { formatDecimal } from './decimal.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from './testing/default-options.ts';
import { everyCut } from './testing/kernel-outcome.ts';

function analyze(pieces: Iterable<Uint8Array>, encoding = '') {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, encoding });
  for (const piece of pieces) analysis.push(piece);
  analysis.finish();
  const snapshot = analysis.snapshot(0);
  return {
    total: formatDecimal(snapshot.total, snapshot.totalScale),
    names: [...analysis.totals(100)].flat().map(({ department }) => department),
    rejects: analysis.takeRejects().map(({ line, raw }) => `${line}: ${raw}`),
    encoding: analysis.dialect?.encoding,
    doubts: analysis.doubts(snapshot).map(({ code }) => code),
  };
}

// Loads the tables.
iconv.encodingExists('utf8');
const ASCII = 'Dept|Amount\na|5\nc|7';
/** One name for each encoding that can write ASCII and is one by the rules of `resolveEncoding`. */
const ENCODINGS = Object.keys((iconv as unknown as { encodings: Record<string, unknown> }).encodings).filter((name) => {
  if (name.startsWith('_') || ['hex', 'base64', 'internal', 'utf7', 'utf7imap', 'binary'].includes(name)) return false;
  try {
    return iconv.decode(iconv.encode(ASCII, name), name) === ASCII;
  } catch {
    return false;
  }
});

test('there are encodings enough to be looked at', () => {
  expect(ENCODINGS.length).toBeGreaterThan(100);
  expect(ENCODINGS).toEqual(
    expect.arrayContaining(['cesu8', 'shiftjis', 'gb18030', 'windows1252', 'utf16le', 'utf32be']),
  );
});

test('the last record counts in every encoding, with a line end and without, however it is cut', () => {
  for (const encoding of ENCODINGS) {
    for (const text of [ASCII, `${ASCII}\n`]) {
      const bytes = iconv.encode(text, encoding);
      for (const pieces of [[bytes], Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))]) {
        const { total, rejects } = analyze(pieces, encoding);
        expect({ encoding, total, rejects }).toEqual({ encoding, total: '12', rejects: [] });
      }
    }
  }
});

test.each([
  ['utf-16le', 1],
  ['utf-16be', 1],
  ['utf-32le', 3],
  ['utf-32be', 2],
  ['cesu8', 0, [0xe3]],
  ['shift_jis', 0, [0x93]],
  ['gb18030', 0, [0x81]],
])('half a character at the end of %s is not dropped without a word', (encoding, missing, more = []) => {
  const whole = iconv.encode('Dept|Amount\na|5\nc|70', encoding);
  const bytes = Buffer.concat([whole.subarray(0, whole.length - missing), Buffer.from(more)]);
  for (const pieces of everyCut(bytes)) {
    const { total, rejects } = analyze(pieces, encoding);
    expect({ total, rejects: rejects.length }).toEqual({ total: '5', rejects: 1 });
  }
});

test.each([
  ['utf-16le', false],
  ['utf-16be', false],
  ['utf-16le', true],
  ['utf-16be', true],
  ['utf-32le', false],
  ['utf-32le', true],
  ['utf-32be', true],
])('%s shows by its zeros or by its mark (%s)', (encoding, addBOM) => {
  const bytes = iconv.encode('Dept|Amount\r\nZürich|5\r\nBern|7\r\n', encoding, { addBOM });
  for (const pieces of everyCut(bytes)) {
    expect(analyze(pieces)).toEqual({
      total: '12',
      names: ['Bern', 'Zürich'],
      rejects: [],
      encoding,
      doubts: addBOM ? [] : ['ENCODING_ASSUMED'],
    });
  }
});

test('bytes that no UTF-8 has are read as windows-1252, with a doubt', () => {
  const bytes = iconv.encode('Dept,Amount\nCafé – “Bar” €,5\n', 'windows-1252');
  expect(analyze([bytes])).toMatchObject({
    names: ['Café – “Bar” €'],
    encoding: 'windows-1252',
    doubts: ['ENCODING_ASSUMED'],
  });
  expect(analyze([bytes], 'utf-8')).toMatchObject({ rejects: ['2: Caf\ufffd \ufffd \ufffdBar\ufffd \ufffd,5'] });
});

test('a file in UTF-8 with some damage stays UTF-8', () => {
  const bytes = Buffer.concat([
    Buffer.from('Dept,Amount\nCafé,5\nÄrzte,6\nx'),
    Buffer.from([0xe9]),
    Buffer.from(',7\n'),
  ]);
  expect(analyze([bytes])).toMatchObject({ total: '11', encoding: 'utf-8', doubts: ['ROWS_REJECTED'] });
});

test('a character that the sample cuts does not make it another encoding', () => {
  const head = 'Dept,Amount\n';
  for (let shift = 0; shift < 4; shift++) {
    const bytes = Buffer.from(`${head}${'x'.repeat(shift)},1\n${'😀,1\n'.repeat(SAMPLE_BYTES / 4)}`);
    expect(inspectSample(bytes, false, DEFAULT_ANALYSIS_OPTIONS).dialect.encoding).toBe('utf-8');
  }
});
