import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { createRowSource } from '../../generator/src/row-source.ts';
import { unitOf } from '../encoding.ts';
import { readPart, type Text } from '../parts/part.ts';
import { PartChain } from '../parts/part-chain.ts';
import { type PartReader, readParts } from '../parts/read-parts.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { CsvAnalysis } from './analysis.ts';

const GOLDEN = new URL('../testing/golden/', import.meta.url);
const DATA = new URL('../../node_modules/vega-datasets/data/', import.meta.url);

function textOf(bytes: Uint8Array): Text {
  return {
    size: bytes.length,
    read(position, target) {
      const found = bytes.subarray(position, position + target.length);
      target.set(found);
      return found.length;
    },
  };
}

function file(bytes: Uint8Array) {
  return { name: 'sales.csv', size: bytes.length, isPacked: false };
}

/** Reads the file in parts by so many readers, which take turns by chance. */
async function analyseInParts(
  bytes: Buffer,
  partBytes: number,
  readers: number,
  { onMerged, encoding = '' }: { onMerged?: (analysis: CsvAnalysis) => void; encoding?: string } = {},
) {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, encoding });
  let at = 0;
  for (; at < bytes.length && !analysis.isDecided; at += 10_000) analysis.push(bytes.subarray(at, at + 10_000));
  const chain = analysis.isDecided ? analysis.inParts([file(bytes)], () => partBytes) : undefined;
  const rejects = [];
  if (chain) {
    const text = textOf(bytes);
    const read = async (...[plan, range, start, maxRejects]: Parameters<PartReader>) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
      return await readPart(text, plan, range, start, maxRejects);
    };
    await readParts({
      chain,
      readers: Array.from({ length: readers }, () => read),
      onMerged: () => {
        for (const reject of analysis.takeRejects()) rejects.push(reject);
        onMerged?.(analysis);
      },
    });
  }
  if (!chain) analysis.push(bytes.subarray(at));
  analysis.finish();
  rejects.push(...analysis.takeRejects());
  return { analysis, rejects, isCut: chain !== undefined };
}

/** All that readers of a result see. */
function described(analysis: CsvAnalysis, rejects: unknown[]) {
  const snapshot = analysis.snapshot(5);
  return {
    snapshot,
    doubts: analysis.doubts(snapshot),
    dialect: analysis.dialect,
    totals: [...analysis.totals(100)],
    bytes: analysis.bytes,
    rejects,
  };
}

function inOnePass(bytes: Buffer, encoding = '') {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, encoding });
  analysis.push(bytes);
  analysis.finish();
  return described(analysis, analysis.takeRejects());
}

/** The same rows until the file is long enough to be cut. */
function lengthened(csv: Buffer): Buffer {
  const body = csv.subarray(csv.indexOf('\n') + 1);
  const end = body.at(-1) === 10 ? '' : '\n';
  const times = Math.ceil(200_000 / Math.max(1, body.length));
  return Buffer.concat([csv, ...Array.from({ length: times }, () => [Buffer.from(end), body]).flat()]);
}

const FILES = [
  ...readdirSync(GOLDEN)
    .filter((name) => name.endsWith('.csv'))
    .map((name) => new URL(name, GOLDEN)),
  ...['airports.csv', 'birdstrikes.csv', 'disasters.csv', 'la-riots.csv', 'zipcodes.csv'].map(
    (name) => new URL(name, DATA),
  ),
].map((url) => [url.pathname.split('/').at(-1) ?? '', url] as const);

test.each(FILES)('%s in parts of any size gives what it gives in one pass', async (_, url) => {
  const bytes = lengthened(readFileSync(url));
  const whole = inOnePass(bytes);
  for (const [partBytes, readers] of [
    [bytes.length, 1],
    [70_001, 2],
    [9_001, 5],
  ] as const) {
    const { analysis, rejects } = await analyseInParts(bytes, partBytes, readers);
    expect(described(analysis, rejects)).toEqual(whole);
  }
});

test.each([
  ['departments that are all different', { departments: 100_000 }],
  ['quoted names and decimals', { departments: 50, quoted: 0.5, decimals: 2 }],
  ['broken rows', { departments: 50, malformed: 0.02, quoted: 0.2 }],
])('%s, ten thousands of rows: the same in parts', async (_, options) => {
  const source = createRowSource({
    rows: 60_000,
    seed: 3,
    decimals: 0,
    quoted: 0,
    malformed: 0,
    keepsTruth: false,
    chunkBytes: 100_000,
    ...options,
  });
  const bytes = Buffer.concat([...source]);
  const { analysis, rejects, isCut } = await analyseInParts(bytes, 100_000, 3);
  expect(isCut).toBe(true);
  expect(described(analysis, rejects)).toEqual(inOnePass(bytes));
});

/** Rows with names of each script, quotes, line breaks in them, and broken rows. */
function textIn(names: readonly string[], lineEnd: string): string {
  const rows = Array.from({ length: 6_000 }, (_, index) => {
    const name = names[index % names.length];
    if (index % 50 === 0) return `"${name}${lineEnd}${name},${index}",${index}`;
    if (index % 70 === 0) return name;
    return index % 3 === 0 ? `"${name} ""${index % 7}""",${index}` : `${name},${index}.5`;
  });
  return ['Department,Sales', ...rows].join(lineEnd);
}

test.each([
  ['utf-16le', ['Bücher', '文具', 'a😀'], true],
  ['utf-16be', ['Bücher', '文具', 'a😀'], true],
  // Characters whose bytes look like line ends.
  ['utf-16le', ['Bücher', '\u0a0d', '\u0d0a', '\u0a00'], false],
  ['utf-16be', ['Bücher', '\u0a0d', '\u0d0a', '\u0a00'], false],
  ['utf-32le', ['Bücher', '😀'], false],
  // Other spellings of the same.
  ['UTF_16LE', ['Bücher', '\u0a0d', '\u010a'], false],
  ['utf 16 be', ['Bücher', '\u0a0d', '\u010a'], false],
  ['ucs_2', ['Bücher', '\u0a0d', '\u010a'], false],
  ['UTF_32BE', ['Bücher', '\u{10a0d}'], false],
  ['windows-1252', ['Bücher', 'Décor', 'Geländer'], false],
  ['windows-1251', ['Книги', 'Игрушки'], false],
  ['shift_jis', ['文具', 'ソフト', '表'], false],
  ['gb18030', ['文具', '图书', '㐀'], false],
  ['euc-kr', ['도서', '가구'], false],
  ['macintosh', ['Bücher'], false],
] as const)('%s with %s is cut at its line ends', async (encoding, names, hasMark) => {
  const given = hasMark ? '' : encoding;
  for (const lineEnd of ['\n', '\r\n', '\r']) {
    const bytes = iconv.encode(textIn(names, lineEnd), encoding, { addBOM: hasMark });
    const whole = inOnePass(bytes, given);
    expect(whole.snapshot.rows).toBeGreaterThan(5_000);
    for (const partBytes of [70_001, 5_003]) {
      const { analysis, rejects, isCut } = await analyseInParts(bytes, partBytes, 3, { encoding: given });
      expect(isCut).toBe(true);
      expect(described(analysis, rejects)).toEqual(whole);
    }
  }
});

test.each(['utf-8', 'shift_jis', 'windows-1252', 'gb18030', 'utf-16le', 'utf-16be'])(
  'a checkpoint between two parts of %s is one that a stream goes on from',
  async (encoding) => {
    const names = encoding === 'windows-1252' ? ['Bücher', 'Décor'] : ['文具', '書店', '図書館'];
    const bytes = iconv.encode(textIn(names, '\n').repeat(3), encoding);
    const checkpoints: { state: Uint8Array; bytes: number; rejects: number }[] = [];
    const onMerged = (analysis: CsvAnalysis) => {
      const rejects = analysis.snapshot(0).rejectsReported;
      checkpoints.push({ state: analysis.checkpoint(), bytes: analysis.bytes, rejects });
    };
    const { rejects } = await analyseInParts(bytes, 30_000, 2, { onMerged, encoding });
    expect(checkpoints.length).toBeGreaterThan(3);
    const whole = inOnePass(bytes, encoding);
    for (const checkpoint of checkpoints) {
      const options = { ...DEFAULT_ANALYSIS_OPTIONS, encoding };
      const analysis = new CsvAnalysis(options, { resume: checkpoint.state });
      expect(analysis.bytes).toBe(checkpoint.bytes);
      analysis.push(bytes.subarray(checkpoint.bytes));
      analysis.finish();
      const before = rejects.slice(0, checkpoint.rejects);
      expect(described(analysis, [...before, ...analysis.takeRejects()])).toEqual(whole);
    }
  },
);

test('a checkpoint before the first part is one of the start of the file, with its byte order mark', async () => {
  const bytes = iconv.encode(textIn(['Bücher'], '\n'), 'utf-16le', { addBOM: true });
  const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
  analysis.push(bytes);
  analysis.inParts([file(bytes)], () => 10_000);
  const next = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS, { resume: analysis.checkpoint() });
  next.push(bytes.subarray(next.bytes));
  next.finish();
  expect(described(next, next.takeRejects())).toEqual(inOnePass(bytes));
});

test('parts that are not all merged are no result, and parts of any size are of the file', () => {
  const bytes = Buffer.from(`Department,Sales\n${'Books,1\n'.repeat(10_001)}`);
  for (const partBytes of [0, 1, 3, 1025, 1e9]) {
    const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
    analysis.push(bytes);
    const { ranges } = analysis.inParts([file(bytes)], () => partBytes)!;
    expect(ranges.every(({ from, to }) => from <= to && to <= bytes.length)).toBe(true);
    expect(ranges.at(-1)?.to).toBe(bytes.length);
    expect(() => analysis.finish()).toThrow('not all parts');
  }
});

test.each(['utf-8', 'windows-1252', 'utf-16le'])(
  'a record of %s that ends where a block is read ends with its line',
  async (encoding) => {
    const { bytes: unit } = unitOf(encoding);
    // The blocks in which the rest of a long record is read, behind the first bytes of it.
    const blocks = encoding === 'utf-8' ? [512 * 1024] : [128 * 1024, 256 * 1024];
    for (const block of blocks) {
      for (let shift = -3; shift <= 3; shift++) {
        const head = 'D,A\r\n';
        const filler = 'x'.repeat((block + 4 * 1024) / unit - head.length - 4 + shift);
        const text = `${head}"y\r\n${filler}",1\r\n${'z,2\r\n'.repeat(20_000)}`;
        const bytes = iconv.encode(text, encoding);
        const whole = inOnePass(bytes, encoding);
        // The cut lies in the long record, and the part before reads it to its end.
        const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, encoding });
        analysis.push(bytes);
        const chained = analysis.inParts([file(bytes)], () => bytes.length)!;
        const partPlan = chained.planOf(chained.ranges[0]!);
        for (const cut of [head.length * unit, (head.length + 1) * unit, (head.length + 4) * unit]) {
          const ranges = [
            { text: 0, from: 0, to: cut },
            { text: 0, from: cut, to: bytes.length },
          ];
          const chain = new PartChain([partPlan], ranges);
          const read = async (...[plan, range, start, maxRejects]: Parameters<PartReader>) =>
            await readPart(textOf(bytes), plan, range, start, maxRejects);
          await readParts({ chain, readers: [read] });
          expect(chain.snapshot(5), `${block} ${shift} ${cut}`).toEqual(whole.snapshot);
        }
      }
    }
  },
);

test('a file in another encoding with lines above its header is not cut', async () => {
  const bytes = iconv.encode(`A report\n\n${textIn(['Bücher'], '\n')}`, 'utf-16le', { addBOM: true });
  expect((await analyseInParts(bytes, 10_000, 2)).isCut).toBe(false);
});

test('a part that cannot be read ends all, and no other is begun', async () => {
  const bytes = Buffer.from(`Department,Sales\n${'Books,1\n'.repeat(50_000)}`);
  const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
  analysis.push(bytes);
  const chain = analysis.inParts([file(bytes)], () => 10_000);
  let begun = 0;
  const read = async () => {
    begun++;
    await new Promise((resolve) => setTimeout(resolve, 1));
    throw new Error('the disk is broken');
  };
  await expect(readParts({ chain: chain!, readers: [read, read] })).rejects.toThrow('the disk is broken');
  expect(begun).toBe(2);
});

test('a file that becomes shorter while it is read is told', async () => {
  const bytes = Buffer.from(`Department,Sales\n${'Books,1\n'.repeat(50_000)}`);
  const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
  analysis.push(bytes);
  const chain = analysis.inParts([file(bytes)], () => 100_000);
  const text = { ...textOf(bytes.subarray(0, 150_000)), size: bytes.length };
  const read = async (...[plan, range, start, maxRejects]: Parameters<PartReader>) =>
    await readPart(text, plan, range, start, maxRejects);
  await expect(readParts({ chain: chain!, readers: [read] })).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
});

/** Rows, texts in quotes whose lines look like rows, and quotes that are wrong, by chance but always the same. */
function nastyText(size: number): Buffer {
  const lines = [
    'Books,2026-01-01,1',
    '"Home, Garden",2026-01-01,"2"',
    '"a',
    'Books,2026-01-01,3',
    'Games,2026-01-01,4',
    'b",2026-01-02,5',
    '"say ""x"" and',
    '"",2026-01-01,6',
    '"",""',
    'c",2026-01-03,7',
    'Toys,2026-01-01',
    '"x"y,2026-01-01,8',
  ];
  let state = 1;
  const next = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const block = Buffer.from(Array.from({ length: 60_000 }, () => `${lines[next(lines.length)]}\n`).join(''));
  const text = Buffer.alloc(size, block);
  text.write('Department,Date,Sales\n');
  return text;
}

test('200 MB of quotes that make guesses wrong are read as in one pass, in 64 parts and in a few', async () => {
  const bytes = nastyText(200_000_000);
  const whole = inOnePass(bytes);
  expect(whole.snapshot.rows).toBeGreaterThan(500_000);
  expect(whole.snapshot.rowsRejected).toBeGreaterThan(100_000);
  for (const [partBytes, readers] of [
    [bytes.length / 64, 4],
    [bytes.length / 5, 2],
  ] as const) {
    const { analysis, rejects, isCut } = await analyseInParts(bytes, partBytes, readers);
    expect(isCut).toBe(true);
    const found = described(analysis, rejects);
    // Comparing a million rows one by one takes longer than reading them.
    expect(found.rejects.length).toBe(whole.rejects.length);
    const digestOf = (found: unknown[]) => {
      const hash = createHash('sha256');
      for (const each of found) hash.update(JSON.stringify(each));
      return hash.digest('hex');
    };
    expect(digestOf(found.rejects)).toBe(digestOf(whole.rejects));
    expect({ ...found, rejects: [] }).toEqual({ ...whole, rejects: [] });
  }
}, 120_000);
