import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Reserve } from './reserve.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystream-reserve-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a reserve is on the disk until it is given, and is taken again', () => {
  const path = join(folder, 'reserve');
  const reserve = new Reserve(path, 100_000);
  expect(reserve.give()).toBe(false);
  expect(reserve.hold()).toBe(true);
  // The blocks are there, not only the length.
  expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(100_000);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(reserve.give()).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
  expect(reserve.hold()).toBe(true);
});

test('one that was cut short is made anew; where there is no room for twice as much, none is made', () => {
  const path = join(folder, 'reserve');
  writeFileSync(path, 'short');
  const reserve = new Reserve(path, 100_000);
  expect(reserve.isHeld).toBe(false);
  expect(reserve.hold()).toBe(true);
  expect(new Reserve(join(folder, 'huge'), 2 ** 60).hold()).toBe(false);
  expect(readdirSync(folder)).toEqual(['reserve']);
});
