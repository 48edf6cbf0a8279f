import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { KernelError } from '../kernel.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { type AnalysisOptions, CsvAnalysis } from './analysis.ts';

const HEADER_BYTES = 16;
const REST = 'Toys,1\nGames,999999999999999999\n"a\nb",3\nbad\n';
const ROWS = 'North,2026-01-05,2,999999999999999999\nSouth,2026-02-06,,0.5\nEast,2025-01-01,3,1\n,2026-01-01,1,1\n';
/** A question with everything that one can have. */
const QUESTION: Partial<AnalysisOptions> = {
  groupBy: ['Region', 'Date:month'],
  amounts: ['Sales', 'Pieces*Pieces'],
  where: [
    { column: 'Region', values: ['East'], isNegated: true },
    { column: 'Date', from: '2026', to: '' },
    { column: 'Pieces', from: '', to: '100' },
  ],
};
/** Before the head is whole, in the middle of a record, in one that is too long, in another encoding, and at the end. */
const CHECKPOINTS = {
  'of a head': checkpointAfter('Department,Amount\nToys,1\n'),
  'of a kernel': checkpointAfter(`Department,Amount\n${REST.repeat(3000)}"Cars`),
  'in a record that is too long': checkpointAfter(`Department,Amount\n${REST.repeat(3000)}${'x'.repeat(1_100_000)}`),
  'of another encoding': checkpointAfter(`Department,Amount\n${REST.repeat(6000)}`, 'utf-16le'),
  'of a whole file': checkpointAfter(REST, '', true),
  'of a question': checkpointAfter(`Region,Date,Pieces,Sales\n${ROWS.repeat(1000)}`, '', false, QUESTION),
};

function checkpointAfter(csv: string, encoding = '', isWhole = false, question: Partial<AnalysisOptions> = {}): Buffer {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, ...question, encoding });
  analysis.push(Buffer.from(csv, encoding === '' ? 'utf8' : 'utf16le'));
  analysis.takeRejects();
  if (isWhole) analysis.finish();
  return Buffer.from(analysis.checkpoint());
}

/** Puts a checkpoint together as somebody would who knows the format, checksum and all. */
function forge(json: string, rest: Uint8Array, jsonLength = Buffer.byteLength(json)): Buffer {
  const forged = Buffer.concat([Buffer.alloc(HEADER_BYTES), Buffer.from(json), rest]);
  forged.write('TSCP', 'latin1');
  forged.writeUInt32LE(CHECKPOINTS['of a head'].readUInt32LE(4), 4);
  forged.writeUInt32LE(jsonLength, 12);
  forged.writeUInt32LE(crc32(forged.subarray(12)), 8);
  return forged;
}

function takeApart(checkpoint: Buffer): { json: string; rest: Buffer } {
  const end = HEADER_BYTES + checkpoint.readUInt32LE(12);
  return { json: checkpoint.toString('utf8', HEADER_BYTES, end), rest: checkpoint.subarray(end) };
}

/** Goes on from a checkpoint to the end of a file; says with which code it was refused, if it was. */
function goOn(resume: Uint8Array, encoding = '', question: Partial<AnalysisOptions> = {}): string {
  try {
    const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, ...question, encoding }, { resume });
    const rest = question === QUESTION ? ROWS : REST;
    analysis.push(Buffer.from(rest, encoding === '' ? 'utf8' : 'utf16le'));
    analysis.checkpoint();
    analysis.finish();
    const snapshot = analysis.snapshot(10);
    analysis.doubts(snapshot);
    const rejects = analysis.takeRejects();
    // As the wire wants them.
    const numbers = [analysis.bytes, snapshot.rows, snapshot.rowsRejected, snapshot.rejectsReported];
    for (const number of [...numbers, ...rejects.flatMap(({ line, byteOffset }) => [line, byteOffset])]) BigInt(number);
    expect([...analysis.totals(100)].flat()).toHaveLength(snapshot.departments);
    return 'read';
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
}

/** All places of a value that JSON can hold, with what stands there. */
function* placesOf(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* placesOf(inner, [...path, Array.isArray(value) ? +key : key]);
}

function withValue(value: unknown, [key, ...path]: (string | number)[], forged: unknown): unknown {
  if (key === undefined) return forged;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const at = copy as Record<string | number, unknown>;
  at[key] = withValue(at[key], path, forged);
  return copy;
}

const FORGED = [
  -1,
  0,
  1,
  7,
  127,
  2 ** 31,
  2 ** 53,
  1e300,
  1.5,
  '',
  'x',
  'x'.repeat(200),
  null,
  true,
  [],
  {},
  undefined,
];

test.each(Object.entries(CHECKPOINTS))(
  'any forged fact %s is refused or read, and nothing else',
  (which, checkpoint) => {
    const { json, rest } = takeApart(checkpoint);
    const head = JSON.parse(json) as { facts: { encoding: string } };
    const encoding = head.facts.encoding === 'utf-16le' ? 'utf-16le' : '';
    const question = which === 'of a question' ? QUESTION : {};
    expect(goOn(forge(json, rest), encoding, question)).toBe('read');
    const outcomes = new Set<string>();
    for (const path of placesOf(head)) {
      for (const value of FORGED) {
        const forged = JSON.stringify(withValue(head, path, value)) ?? '';
        outcomes.add(goOn(forge(forged, rest), encoding, question));
      }
    }
    expect([...outcomes].sort()).toEqual(expect.arrayContaining(['CHECKPOINT_INVALID']));
    for (const outcome of outcomes) expect(outcome).toMatch(/^(read|CHECKPOINT_INVALID|OUT_OF_MEMORY)$/);
  },
);

test('a length or an order that no file comes to is refused', () => {
  const { json, rest } = takeApart(CHECKPOINTS['of a head']);
  const head = JSON.parse(json);
  for (const headBytes of [-1, 0, 1, 65_535, 65_537, 2 ** 20 + 1, 2 ** 53, '65536', null]) {
    expect(goOn(forge(JSON.stringify(withValue(head, ['facts', 'headBytes'], headBytes)), rest))).toBe(
      'CHECKPOINT_INVALID',
    );
  }
  for (const markBytes of [-1, 5, '0', null, undefined, [1], 1.5]) {
    expect(goOn(forge(JSON.stringify(withValue(head, ['facts', 'markBytes'], markBytes)), rest))).toBe(
      'CHECKPOINT_INVALID',
    );
  }
  expect(goOn(forge(JSON.stringify({ ...head, more: 1 }), rest))).toBe('CHECKPOINT_INVALID');
  expect(goOn(forge('{', rest))).toBe('CHECKPOINT_INVALID');
  expect(goOn(forge(json, rest, 2 ** 32 - 1))).toBe('CHECKPOINT_INVALID');
  expect(goOn(forge('['.repeat(100_000), rest))).toBe('CHECKPOINT_INVALID');
  expect(goOn(forge(json, Buffer.concat([rest, Buffer.alloc(1)])))).toBe('CHECKPOINT_INVALID');
});

test.each([
  ['of a kernel', ''],
  ['in a record that is too long', ''],
  ['of another encoding', 'utf-16le'],
  ['of a whole file', ''],
  ['of a question', ''],
] as const)('any forged byte of the state %s is refused or read, and nothing else', (which, encoding) => {
  const { json, rest } = takeApart(CHECKPOINTS[which]);
  const outcomes = new Map<string, number>();
  for (let at = 0; at < rest.length; at++) {
    const forged = Buffer.from(rest);
    forged[at]! ^= [0xff, 0x80, 0x01][at % 3]!;
    const outcome = goOn(forge(json, forged), encoding, which === 'of a question' ? QUESTION : {});
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  for (const outcome of outcomes.keys()) expect(outcome).toMatch(/^(read|CHECKPOINT_INVALID|OUT_OF_MEMORY)$/);
  expect(outcomes.get('CHECKPOINT_INVALID')).toBeGreaterThan(100);
});
