import { globSync, readFileSync } from 'node:fs';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { KernelError } from '../kernel.ts';
import { fileKindOf, refuseWhatIsNoCsv } from './file-kind.ts';

const PACKAGES = 'node_modules';
const bytes = (...values: (number | string)[]) =>
  Buffer.concat(values.map((value) => (typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.of(value))));
const noise = brotliCompressSync(Array.from({ length: 20_000 }, (_, index) => Math.sin(index)).join());

/** Real files by the ends of their names, and what they must be called. */
const REAL: [string, RegExp][] = [
  ['png', /^an image \(PNG\)/],
  ['gif', /^an image \(GIF\)/],
  ['svg', /^an image \(SVG\)/],
  ['html', /^a web page/],
  ['wasm', /^a program \(WebAssembly\)/],
  ['node', /^a program \(ELF\)/],
  ['zip', /^a zip archive/],
  ['parquet', /^a Parquet file/],
  ['br', /^binary data/],
  ['ico', /^binary data/],
];

describe('files in the packages of this project', () => {
  test.each(REAL)('.%s is called what it is', (end, what) => {
    const paths = globSync(`${PACKAGES}/**/*.${end}`);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(fileKindOf(readFileSync(path))?.what, path).toMatch(what);
  });

  test('JSON is called so, cut off as it is looked at', () => {
    const paths = globSync(`${PACKAGES}/vega-datasets/data/*.json`);
    expect(paths.length).toBeGreaterThan(20);
    for (const path of [...paths, 'package.json', 'package-lock.json']) {
      expect(fileKindOf(readFileSync(path))?.what, path).toBe('JSON');
      expect(fileKindOf(readFileSync(path).subarray(0, 500))?.what, path).toBe('JSON');
    }
  });

  test('compressed data of any length above some hundred bytes is no text', () => {
    for (const packed of [noise, deflateSync(noise)]) {
      for (const length of [400, 1000, 5000]) expect(fileKindOf(packed.subarray(2, 2 + length))).toBeDefined();
    }
  });
});

const CSVS = [`${PACKAGES}/**/*.{csv,tsv}`, 'kernel/testing/golden/*.csv'].flatMap((pattern) => globSync(pattern));
const ENCODINGS = [
  ...['utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be', 'utf-7', 'windows-1252', 'windows-1251', 'koi8-r'],
  ...['iso-8859-15', 'macroman', 'cp437', 'cp850', 'shift_jis', 'euc-jp', 'euc-kr', 'gb18030', 'gbk', 'big5'],
];

describe('CSV', () => {
  test('no CSV of the packages is refused, however little of it there is', () => {
    expect(CSVS.length).toBeGreaterThan(40);
    for (const path of CSVS) {
      const content = readFileSync(path);
      for (const length of [content.length, 65_536, 1000, 100, 20, 4, 1, 0]) {
        expect(fileKindOf(content.subarray(0, length)), `${path}, ${length} bytes`).toBeUndefined();
      }
    }
  });

  test.each(ENCODINGS)('in %s it is not refused, with a mark or without', (encoding) => {
    const names =
      'Department Name,Date,Number of Sales\r\nКниги一二三,2024-01-01,5\r\n家電売場表示,2024-01-02,12.5\r\n';
    const read = CSVS.map((path) => readFileSync(path, 'utf8')).filter((text) => !text.includes('\0'));
    const texts = [names.repeat(500), ...read];
    for (const text of texts) {
      for (const addBOM of [false, true]) {
        const encoded = iconv.encode(text, encoding, { addBOM });
        for (const length of [encoded.length, 1000, 101]) {
          expect(fileKindOf(encoded.subarray(0, length))).toBeUndefined();
        }
      }
    }
  });

  const ebcdic = (text: string) => {
    const table = new Map(Array.from('ABCDEFGHI', (letter, index) => [letter, 0xc1 + index] as const));
    for (let digit = 0; digit < 10; digit++) table.set(String(digit), 0xf0 + digit);
    return Buffer.from(Array.from(text, (character) => table.get(character) ?? (character === '\n' ? 0x15 : 0x6b)));
  };

  test.each<[string, string | Buffer]>([
    ['names in square brackets', '[Department],[Sales]\n[A],5\n'],
    ['numbers in square brackets', '[1,2],[3,4]\n'],
    ['a bracket that stays open', '[1,2,3\n[4,5,6\n'],
    ['only a bracket', '['],
    ['only a brace', '{'],
    ['JSON in its first column', '{"a": 1}\t5\n{"a": 2}\t6\n'],
    ['JSON in its first column, with commas', '{"a": 1, "b": [2]},5\n'],
    ['names in angle brackets', '<TICKER>,<PER>,<DATE>,<CLOSE>\nX,D,20240101,5\n'],
    ['names like tags', '<HEAD>\t<BODY>\na\t1\n'],
    ['the name of a tag', '<table>,<amount>\na,1\n'],
    ['a template in braces', '{{department}},{{sales}}\nA,5\n'],
    ['words that begin binary formats', 'PAR1,MZ\nORC,5\n'],
    ['PK as a name', 'PK,Sales\nA,5\n'],
    ['PK and zeros', 'PK00,Sales\nA,5\n'],
    ['MZ as a name', `MZ,Sales\n${'A,5\n'.repeat(50)}`],
    ['BM as a name', 'BM,Sales\nA,5\n'],
    ['ORCL as a name', 'ORCL,Sales\nA,5\n'],
    ['RIFF as a name', 'RIFF,Sales\nA,5\n'],
    ['GIF89a as a name', 'GIF89a,Sales\nA,5\n'],
    ['BZh9 as a name', 'BZh91,Sales\nA,5\n'],
    ['ustar in its place', `${'a'.repeat(257)}ustar,5\n`],
    ['the delimiters of Hive', 'Books\x015\x02x\x03y\n'.repeat(100)],
    ['the separators of ASCII', 'Books\x1f5\x1eGames\x1f6\x1e'.repeat(100)],
    ['NULs here and there', 'Books,\0\0\0\x005\nGames,6\n'.repeat(100)],
    ['the end of a file of DOS', `${'Books,5\r\n'.repeat(10)}\x1a`],
    ['ISO-2022-JP', Buffer.concat([Buffer.from('\x1b$B2HEE\x1b(B,5\n'.repeat(20), 'latin1')])],
    ['EBCDIC', ebcdic('ABC,123\nDEF,456\n'.repeat(100))],
    ['nothing at all', ''],
    ['blank lines', '\n\n\n'],
  ])('with %s is not refused', (_name, content) => {
    expect(fileKindOf(typeof content === 'string' ? Buffer.from(content, 'latin1') : content)).toBeUndefined();
  });
});

const GIF = bytes('GIF89a', 1, 0, 1, 0);
describe('formats of which no file is at hand', () => {
  test.each<[string, Buffer, string]>([
    ['gzip', gzipSync('a,1\n'), 'gzip data'],
    [
      'an old workbook',
      bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, '\0'.repeat(500)),
      'an old Excel workbook',
    ],
    ['PDF', bytes('%PDF-1.7\n%', 0xe2, 0xe3), 'a PDF document'],
    ['RTF', bytes('{\\rtf1\\ansi Sales'), 'a text document (RTF)'],
    ['JPEG', bytes(0xff, 0xd8, 0xff, 0xe0, 0, 16, 'JFIF\0'), 'an image (JPEG)'],
    ['GIF', GIF, 'an image (GIF)'],
    ['WebP', bytes('RIFF', 4, 1, 0, 0, 'WEBPVP8 '), 'an image (WebP)'],
    ['audio', bytes('RIFF', 4, 1, 0, 0, 'WAVEfmt '), 'audio or video'],
    ['TIFF', bytes('II*\0', 8, 0, 0, 0), 'an image (TIFF)'],
    ['BMP', bytes('BM', 0x46, 0, 0, 0, 0, 0, 0, 0, 0x36, 0, 0, 0), 'an image (BMP)'],
    ['HEIC', bytes(0, 0, 0, 0x18, 'ftypheic\0\0\0\0'), 'an image or video'],
    ['ORC', bytes('ORC', 0x11, 0, 0, 10), 'an ORC file'],
    ['Avro', bytes('Obj\x01', 4, 0x14, 'avro.codec'), 'an Avro file'],
    ['Arrow', bytes('ARROW1\0\0', 0xff, 0xff), 'an Arrow or Feather file'],
    ['SQLite', bytes('SQLite format 3\0', 16, 0), 'an SQLite database'],
    ['7z', bytes(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4), 'an archive or compressed file (7z)'],
    ['RAR', bytes('Rar!\x1a\x07\x01\0'), 'an archive or compressed file (RAR)'],
    ['xz', bytes(0xfd, '7zXZ\0'), 'an archive or compressed file (xz)'],
    ['Zstandard', bytes(0x28, 0xb5, 0x2f, 0xfd, 4), 'an archive or compressed file (Zstandard)'],
    ['bzip2', bytes('BZh91AY&SY', 1, 2), 'an archive or compressed file (bzip2)'],
    ['LZ4', bytes(4, 0x22, 0x4d, 0x18), 'an archive or compressed file (LZ4)'],
    ['tar', bytes('sales.csv', '\0'.repeat(248), 'ustar\0', '00'), 'an archive or compressed file (tar)'],
    ['a program of Windows', bytes('MZ', 0x90, 0, 3, '\0'.repeat(60)), 'a program (Windows)'],
    ['a page with a mark', bytes(0xef, 0xbb, 0xbf, '\n <!DOCTYPE html>\n<p>'), 'a web page'],
    ['a table saved as .xls', bytes('<table border=1>\n\t<tr><td>Books</td>'), 'a web page'],
    ['a page of Office', bytes('<html xmlns:o="urn:x"\nxmlns:x="urn:y">\n<head>'), 'a web page'],
    ['a page behind a comment', bytes('<!-- saved from url -->\r\n<html>\r\n'), 'a web page'],
    ['a page in UTF-16', iconv.encode('<html><body>', 'utf-16le', { addBOM: true }), 'a web page'],
    [
      'a workbook in XML',
      bytes('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>'),
      'an Excel workbook',
    ],
    ['XML', bytes('<?xml version="1.0"?><sales><row/></sales>'), 'an XML document'],
    ['JSON', bytes('[{"department": "Books", "sales": 5}]'), 'JSON'],
    ['JSON without spaces, cut off', bytes('[{"department":"Boo'), 'JSON'],
    ['JSON Lines', bytes('{"department":"Books"}\n{"department":"Games"}\n'), 'JSON'],
    ['rows as arrays', bytes('[["Books", 5],\n ["Games", 6],\n'), 'JSON'],
    ['JSON in UTF-16', iconv.encode('{"a": [1]}', 'utf-16be', { addBOM: true }), 'JSON'],
    [
      'numbers of a program',
      Buffer.from(new Float64Array(100).map((_, index) => Math.sqrt(index)).buffer),
      'binary data',
    ],
    ['NULs', Buffer.alloc(1000), 'binary data'],
  ])('%s', (_name, content, what) => {
    const kind = fileKindOf(content);
    expect(kind?.what).toContain(what);
    expect(kind?.advice).toMatch(/upload/);
  });
});

describe('a zip archive by the names in it', () => {
  /** Headers of files, and nothing else. */
  const zip = (...names: string[]) =>
    Buffer.concat(
      names.map((name) => {
        const header = Buffer.alloc(30);
        header.write('PK\x03\x04', 'latin1');
        header.writeUInt16LE(name.length, 26);
        return Buffer.concat([header, Buffer.from(name), Buffer.from('PK data')]);
      }),
    );

  test.each([
    ['an Excel workbook', zip('[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml')],
    ['an Excel workbook', zip('docProps/app.xml', 'xl/worksheets/sheet1.xml', '[Content_Types].xml')],
    ['an Office document', zip('[Content_Types].xml')],
    ['a Word document', zip('[Content_Types].xml', 'word/document.xml')],
    ['a PowerPoint presentation', zip('[Content_Types].xml', 'ppt/presentation.xml')],
    [
      'an OpenDocument spreadsheet',
      Buffer.concat([zip('mimetype').subarray(0, 38), Buffer.from('application/vnd.oasis.opendocument.spreadsheet')]),
    ],
    ['an e-book', Buffer.concat([zip('mimetype').subarray(0, 38), Buffer.from('application/epub+zip')])],
    ['Apple Numbers', zip('Index/Document.iwa')],
    ['a Java archive', zip('META-INF/MANIFEST.MF', 'a/B.class')],
    ['an Android app', zip('META-INF/MANIFEST.MF', 'AndroidManifest.xml')],
    ['a zip archive', zip('sales.csv')],
    ['a zip archive', bytes('PK\x05\x06', '\0'.repeat(18))],
  ])('%s', (what, content) => expect(fileKindOf(content)?.what).toContain(what));
});

test('the error has the stable code and says what to do', () => {
  expect(() => refuseWhatIsNoCsv(Buffer.from('a,1\n'))).not.toThrow();
  expect(() => refuseWhatIsNoCsv(Buffer.from('%PDF-1.4'))).toThrow(
    new KernelError('NOT_A_CSV', 'This is a PDF document: upload the CSV that the figures come from.'),
  );
});
