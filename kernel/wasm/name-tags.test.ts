import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createMemory, layOutMemory } from './memory-layout.ts';
import { instantiateKernel } from './module.ts';

const LAYOUT = layOutMemory({ maxRecordBytes: 1024 * 1024, maxDepartments: 1000 });
const NAMES = 65_536;

/** How many names of a list have a tag that an earlier one has, with fresh seeds. */
function collisions(names: readonly Buffer[]): number {
  const memory = createMemory(LAYOUT);
  const wasm = instantiateKernel(memory, { report() {}, fetchUnit() {} });
  wasm.placeRegions(LAYOUT.scratch, LAYOUT.input, LAYOUT.inputEnd, LAYOUT.slots, LAYOUT.entries);
  wasm.setFormat(44, 34, 2, 0, 1, 46, 44, true, true, true, 0);
  const seeds = randomBytes(24);
  wasm.setSeeds(seeds.readBigInt64LE(0), seeds.readBigInt64LE(8), seeds.readBigInt64LE(16));
  const room = Buffer.from(memory.buffer);
  const tags = names.map((name) => {
    name.copy(room, LAYOUT.input);
    return wasm.tagOfName(LAYOUT.input, name.length);
  });
  return names.length - new Set(tags).size;
}

/** Names of one length that differ in some bytes only, in which the number of the name stands. */
function differingAt(length: number, places: readonly number[]): Buffer[] {
  return Array.from({ length: NAMES }, (_, number) => {
    const name = Buffer.alloc(length, 'a');
    for (const [at, place] of places.entries()) name[place] = number >> (8 * at);
    return name;
  });
}

const zeros = (text: string) =>
  Array.from({ length: 3000 }, (_, count) => Buffer.concat([Buffer.from(text), Buffer.alloc(count)]));
const blocks = Array.from({ length: NAMES }, (_, number) =>
  Buffer.concat(Array.from({ length: 16 }, (_, bit) => Buffer.alloc(16, (number >> bit) & 1 ? 'x' : 'y'))),
);
const swapped = Array.from({ length: NAMES }, (_, number) => {
  const block = Buffer.alloc(16);
  block.writeUInt32LE(number >> 8, 4 * (number & 3));
  block.writeUInt32LE(number >> 8, 4 * ((number >> 2) & 3));
  return block;
});

test.each([
  ['bytes 8 and 16', differingAt(16, [7, 15])],
  ['bytes 7 and 8', differingAt(8, [6, 7])],
  ['bytes 1 and 9', differingAt(16, [0, 8])],
  ['bytes 4 and 12', differingAt(12, [3, 11])],
  ['bytes 8 and 24 of two blocks', differingAt(32, [7, 23])],
  ['bytes 16 and 32 of three blocks', differingAt(40, [15, 31])],
  ['zeros at the end', zeros('Toys')],
  ['zeros alone', zeros('')],
  ['the order of two kinds of blocks', blocks],
])('names that differ in %s have different tags', (_, names) => {
  // Of random numbers of 32 bits, one in 65,536 names shares its tag with an earlier one.
  expect(collisions(names)).toBeLessThan(30);
});

test('the same words at other places have different tags', () => {
  const distinct = [...new Map(swapped.map((name) => [name.toString('hex'), name])).values()];
  expect(collisions(distinct)).toBeLessThan(30);
});
