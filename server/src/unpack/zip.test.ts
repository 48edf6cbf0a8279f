import { expect, test } from 'vitest';
import { expectSourceIsClosed, type Given, inReusedPieces, unpackAll } from '../../test/support/unpacking.ts';
import { type ZipFile, zipArchive } from '../../test/support/zip-archive.ts';
import { ByteMarks } from './byte-marks.ts';
import { unzipped } from './zip.ts';

const TEXT = Buffer.from(Array.from({ length: 2_000 }, (_, line) => `Books,${line * 7919}\n`).join(''));
const SALES: ZipFile = { name: 'sales.csv', content: TEXT };
const INNER = zipArchive([{ name: 'inner.csv', content: TEXT, hasDescriptor: true, isStored: true }]);

const unzip = (bytes: Uint8Array, given?: Given) => unpackAll('zip', bytes, given);

const FOLDER: ZipFile = { name: 'data/', isStored: true };
const BESIDE: ZipFile[] = [
  '__MACOSX/data/._sales.csv',
  'data/.DS_Store',
  'Thumbs.db',
  'x/desktop.ini',
  '._sales.csv',
].map((name) => ({ name, content: 'PK\x03\x04 nothing of use' }));

const WHOLE: [string, Buffer][] = [
  ['one file', zipArchive([SALES])],
  ['one file, stored', zipArchive([{ ...SALES, isStored: true }])],
  ['a file in a folder', zipArchive([FOLDER, { ...SALES, name: 'data/sales.csv' }])],
  ['entries that macOS and Windows put beside it', zipArchive([...BESIDE, SALES, ...BESIDE])],
  ['sizes of eight bytes', zipArchive([{ ...SALES, isZip64: true }])],
  ['sizes of eight bytes, stored', zipArchive([{ ...SALES, isZip64: true, isStored: true }])],
  ['a descriptor', zipArchive([{ ...SALES, hasDescriptor: true }])],
  [
    'a descriptor without a signature',
    zipArchive([{ ...SALES, hasDescriptor: true, descriptor: { hasSignature: false } }]),
  ],
  ['a wide descriptor', zipArchive([{ ...SALES, hasDescriptor: true, isZip64: true }])],
  [
    'a wide descriptor that nothing tells of',
    zipArchive([{ ...SALES, hasDescriptor: true, descriptor: { isWide: true } }]),
  ],
  [
    'a narrow descriptor that should be wide',
    zipArchive([{ ...SALES, hasDescriptor: true, isZip64: true, descriptor: { isWide: false } }]),
  ],
  ['a descriptor of a stored file', zipArchive([{ ...SALES, hasDescriptor: true, isStored: true }])],
  [
    'folders with descriptors and without',
    zipArchive([
      { ...FOLDER, hasDescriptor: true },
      { ...FOLDER, hasDescriptor: true, descriptor: { isMissing: true } },
      { ...FOLDER, hasDescriptor: true, descriptor: { isWide: true } },
      { name: 'deflated/', hasDescriptor: true },
      { ...SALES, hasDescriptor: true },
      { ...FOLDER, hasDescriptor: true },
    ]),
  ],
  ['a comment', zipArchive([SALES], 'a comment with PK\x05\x06 in it')],
  ['the mark of one part', Buffer.concat([Buffer.from('PK00'), zipArchive([SALES])])],
];

test.each(WHOLE)('an archive with %s is unpacked, wherever it is cut', async (_name, bytes) => {
  for (const size of [1, 2, 3, 7, 1000, bytes.length - 1, bytes.length]) {
    const { text, hasGarbage } = await unzip(bytes, { size });
    expect(text.equals(TEXT)).toBe(true);
    expect(hasGarbage).toBe(false);
  }
});

test('an archive in an archive comes out as it is, stored and with a descriptor, too', async () => {
  const outer = zipArchive([{ name: 'inner.zip', content: INNER, isStored: true, hasDescriptor: true }]);
  for (const size of [1, 5, 1000, 65_536]) expect((await unzip(outer, { size })).text.equals(INNER)).toBe(true);
});

test('a file without a byte is one, too', async () => {
  for (const file of [{ name: 'a.csv' }, { name: 'a.csv', hasDescriptor: true }, { name: 'a.csv', isStored: true }]) {
    expect((await unzip(zipArchive([file]))).text).toHaveLength(0);
  }
});

test('trailing garbage is left out, and said', async () => {
  const bytes = Buffer.concat([zipArchive([SALES]), Buffer.from('garbage')]);
  for (const size of [1, 65_536]) {
    const { text, hasGarbage } = await unzip(bytes, { size });
    expect(text.equals(TEXT)).toBe(true);
    expect(hasGarbage).toBe(true);
  }
});

test('every archive that is cut off says so, wherever it ends', async () => {
  for (const [, bytes] of WHOLE) {
    const ends = [
      bytes.length - 1,
      bytes.length - 21,
      bytes.length - 22,
      bytes.length - 23,
      bytes.length - 60,
      5,
      31,
      3,
    ];
    for (const end of [
      ...ends,
      ...Array.from({ length: 20 }, (_, step) => Math.floor((bytes.length * (step + 1)) / 22)),
    ]) {
      await expect(unzip(bytes.subarray(0, end))).rejects.toMatchObject({
        code: 'ZIP_INVALID',
        message: expect.stringContaining('ends too early'),
      });
    }
  }
});

/** An archive in which one byte of the data is another. */
function withOddByte(file: ZipFile): Buffer {
  const bytes = zipArchive([file]);
  const at = 200;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
  return bytes;
}

const noise = Buffer.concat([zipArchive([SALES]).subarray(0, 39), Buffer.alloc(100, 0xff)]);
const unlisted = Buffer.concat([zipArchive([FOLDER]).subarray(0, 35), zipArchive([SALES])]);
const otherEnd = zipArchive([SALES]);
otherEnd.write('XX', otherEnd.length - 22, 'latin1');

const REFUSED: [string, Buffer, string, RegExp][] = [
  ['a wrong checksum', withOddByte({ ...SALES, isStored: true }), 'ZIP_INVALID', /damaged/],
  ['a wrong checksum in a descriptor', withOddByte({ ...SALES, hasDescriptor: true }), 'ZIP_INVALID', /damaged/],
  ['noise in place of the data', noise, 'ZIP_INVALID', /damaged/],
  ['a file that its list does not have', unlisted, 'ZIP_INVALID', /damaged/],
  ['a list that is broken', otherEnd, 'ZIP_INVALID', /damaged/],
  [
    'two files',
    zipArchive([SALES, ...BESIDE, { name: 'data/2024.csv', content: 'a,1\n' }]),
    'ZIP_INVALID',
    /more than one file, "sales\.csv" and "data\/2024\.csv": upload each on its own/,
  ],
  ['no file', zipArchive([]), 'ZIP_INVALID', /holds no file/],
  ['folders only', zipArchive([FOLDER, ...BESIDE]), 'ZIP_INVALID', /holds no file/],
  ['a password', zipArchive([{ ...SALES, flags: 1 }]), 'ZIP_INVALID', /encrypted \("sales\.csv"\).*without a password/],
  ['Deflate64', zipArchive([{ ...SALES, method: 9 }]), 'ZIP_INVALID', /Deflate64, as Windows does.*with gzip/],
  ['LZMA', zipArchive([{ ...SALES, method: 14 }]), 'ZIP_INVALID', /LZMA/],
  ['a method without a name', zipArchive([{ ...SALES, method: 77 }]), 'ZIP_INVALID', /method 77/],
  [
    'a part of a split archive',
    Buffer.concat([Buffer.from('PK\x07\x08'), zipArchive([SALES])]),
    'ZIP_INVALID',
    /split/,
  ],
  [
    'a name that is long and does not print',
    zipArchive([{ ...SALES, name: `${'x'.repeat(5000)}\x1b[31m\n.csv`, flags: 1 }]),
    'ZIP_INVALID',
    /encrypted \("…x{1,60}\?\[31m\?\.csv"\)/,
  ],
  [
    'a workbook',
    zipArchive([
      { name: '[Content_Types].xml', content: '<Types/>' },
      { name: '_rels/.rels', content: '<Relationships/>', hasDescriptor: true },
      { name: 'xl/workbook.xml', content: '<workbook/>' },
    ]),
    'NOT_A_CSV',
    /^This is an Excel workbook: save it as CSV \(File > Save As\) and upload that\.$/,
  ],
  ['a Word document', zipArchive([{ name: 'word/document.xml' }]), 'NOT_A_CSV', /Word/],
  ['another Office document', zipArchive([{ name: '[Content_Types].xml' }]), 'NOT_A_CSV', /an Office document/],
  [
    'an Office document of 3D',
    zipArchive([{ name: '[Content_Types].xml' }, { name: '3D/3dmodel.model' }]),
    'NOT_A_CSV',
    /Office/,
  ],
  [
    'an OpenDocument spreadsheet',
    zipArchive([
      { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet', isStored: true },
      { name: 'content.xml' },
    ]),
    'NOT_A_CSV',
    /OpenDocument spreadsheet/,
  ],
  [
    'an e-book',
    zipArchive([{ name: 'mimetype', content: 'application/epub+zip', isStored: true }]),
    'NOT_A_CSV',
    /EPUB/,
  ],
  [
    'a Java archive',
    zipArchive([{ name: 'META-INF/', isStored: true }, { name: 'META-INF/MANIFEST.MF' }]),
    'NOT_A_CSV',
    /Java/,
  ],
];

test.each(REFUSED)('an archive with %s is refused in words', async (_name, bytes, code, words) => {
  for (const size of [1, 100, 65_536]) {
    await expect(unzip(bytes, { size })).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
  }
});

test('a document that is cut off is one all the same', async () => {
  const document = zipArchive([{ name: 'docProps/thumbnail.jpeg', content: TEXT }]);
  await expect(unzip(document.subarray(0, 500))).rejects.toMatchObject({ code: 'NOT_A_CSV' });
});

test('a folder of the user may be called as one in a workbook', async () => {
  expect(
    (
      await unzip(
        zipArchive([
          { name: 'xl/', isStored: true },
          { ...SALES, name: 'xl/sales.csv' },
        ]),
      )
    ).text,
  ).toEqual(TEXT);
});

test('the start that is not wanted again is left out, and is marked all the same', async () => {
  for (const isStored of [true, false]) {
    const bytes = zipArchive([FOLDER, { ...SALES, isStored }]);
    const dataEnd = bytes.indexOf('PK\x01\x02', 0, 'latin1');
    for (const skip of [1, 20_000, TEXT.length - 1, TEXT.length, TEXT.length + 1]) {
      const marks = new ByteMarks();
      expect((await unzip(bytes, { skip, marks })).text.equals(TEXT.subarray(skip))).toBe(true);
      expect(marks.at(0)).toBe(0);
      expect(marks.at(TEXT.length)).toBe(dataEnd);
    }
  }
});

test('no more comes out than an upload may have, nor of what is passed over', async () => {
  const bytes = zipArchive([SALES]);
  expect((await unzip(bytes, { maxBytes: TEXT.length })).text).toHaveLength(TEXT.length);
  await expect(unzip(bytes, { maxBytes: TEXT.length - 1 })).rejects.toMatchObject({ code: 'UPLOAD_TOO_LARGE' });
  const hidden = zipArchive([{ ...SALES, name: '__MACOSX/x' }]);
  await expect(unzip(hidden, { maxBytes: TEXT.length - 1 })).rejects.toMatchObject({ code: 'UPLOAD_TOO_LARGE' });
});

test('a bomb is refused once it is large, wherever it hides, and a small file of equal rows is not', async () => {
  const drain = async (megabytes: number, name: string) => {
    const bytes = zipArchive([{ name, content: Buffer.alloc(megabytes * 1024 * 1024, 'Books,1\n') }]);
    const limits = { marks: new ByteMarks(), maxBytes: 1e12, skip: Number.POSITIVE_INFINITY, onTrailingGarbage() {} };
    for await (const _ of unzipped(inReusedPieces(bytes, 65_536), limits));
  };
  await drain(256, 'a.csv');
  for (const name of ['a.csv', '__MACOSX/a'])
    await expect(drain(257, name)).rejects.toMatchObject({ code: 'ZIP_BOMB' });
});

test('an archive of folders without end is given up', async () => {
  const folders = zipArchive(Array.from({ length: 10_001 }, () => FOLDER));
  await expect(unzip(folders)).rejects.toMatchObject({
    code: 'ZIP_INVALID',
    message: expect.stringContaining('10001'),
  });
});

test('a source that is not read to its end is closed', async () => {
  await expectSourceIsClosed('zip', zipArchive([SALES]).subarray(0, 1000));
});
