import { describe, expect, it } from 'vitest';
import { isOnServer, pathOfSource, sizeOfChosen } from './chosen-file.ts';

const local = new File(['a,b\n'], 'local.csv');
const kept = { source: 'jobs/7', name: 'kept.csv' };

it('tells a file of this computer from one of the server', () => {
  expect(isOnServer(local)).toBe(false);
  expect(isOnServer(kept)).toBe(true);
});

it('knows the size of a file as far as anybody does', () => {
  expect(sizeOfChosen(local)).toBe(4);
  expect(sizeOfChosen(kept)).toBeUndefined();
  expect(sizeOfChosen({ ...kept, sizeBytes: 9 })).toBe(9);
});

describe('pathOfSource', () => {
  it.each([
    ['file:///data/sales%202024.csv', '/data/sales 2024.csv'],
    ['file:///data/100%.csv', '/data/100%.csv'],
    ['file:///data/*.csv', '/data/*.csv'],
    ['jobs/7', ''],
    ['', ''],
  ])('%s is at "%s"', (source, path) => expect(pathOfSource(source)).toBe(path));
});
