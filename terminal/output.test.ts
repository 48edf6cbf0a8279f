import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Output } from './output.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystream-output-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a write after the close is refused, and never ends in the file that got the descriptor', () => {
  const first = new Output(join(folder, 'first'));
  first.write(Buffer.from('first'));
  first[Symbol.dispose]();
  using second = new Output(join(folder, 'second'));
  expect(() => first.write(Buffer.from('late'))).toThrow('after it was closed');
  first[Symbol.dispose]();
  second.write(Buffer.from('second'));
  expect(readFileSync(join(folder, 'first'), 'utf8')).toBe('first');
  expect(readFileSync(join(folder, 'second'), 'utf8')).toBe('second');
});
