import { expect, test } from 'vitest';
import config from '../config.json' with { type: 'json' };
import { parseCount, parseSize } from './quantity.ts';
import { readSettings, SettingsError } from './settings.ts';

test.each([
  ['0', 0],
  ['250', 250],
  ['1k', 1000],
  ['2.5M', 2_500_000],
  ['10m', 10_000_000],
  ['0.3M', 300_000],
  ['1B', 1_000_000_000],
  ['1G', 1_000_000_000],
])('the count %s is %d', (text, count) => {
  expect(parseCount(text)).toBe(count);
});

test.each(['', 'x', '-1', '1.5', '1.5.5', '1e3', '1KB', '1 k k', 'k', '99999999999999999999'])(
  '%j is not a count',
  (text) => {
    expect(parseCount(text)).toBeUndefined();
  },
);

test.each([
  ['1000', 1000],
  ['500MB', 500_000_000],
  ['5GB', 5_000_000_000],
  ['6GiB', 6 * 2 ** 30],
  ['1.5 KiB', 1536],
  ['1TB', 1e12],
])('the size %s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test('without arguments everything is as config.json says', () => {
  expect(readSettings([])).toMatchObject({
    source: {
      rows: parseCount(config.rows),
      departments: parseCount(config.departments),
      decimals: Number(config.decimals),
      quoted: Number(config.quoted),
      malformed: Number(config.malformed),
      keepsTruth: false,
    },
    out: config.out,
    totals: undefined,
  });
});

test('arguments come before config.json', () => {
  const args = '--rows 2k --departments 1M --out - --decimals 0.5 --quoted .1 --malformed 1 --totals t.json'.split(' ');
  expect(readSettings(args)).toMatchObject({
    source: { rows: 2000, departments: 1_000_000, decimals: 0.5, quoted: 0.1, malformed: 1, keepsTruth: true },
    out: '-',
    totals: 't.json',
  });
});

test('a size takes the place of the rows', () => {
  const { source } = readSettings(['--size', '5GB'])!;
  expect(source.sizeBytes).toBe(5e9);
  expect(source.rows).toBeUndefined();
});

test('seeds differ if their texts do', () => {
  const seedOf = (text: string) => readSettings(['--seed', text])!.source.seed;
  expect(seedOf('1')).toBe(seedOf('1'));
  expect(seedOf('1')).not.toBe(seedOf('2'));
});

test('help is asked for', () => {
  expect(readSettings(['--help'])).toBeUndefined();
});

test.each([
  ['--rows=x', /--rows is "x"; use/],
  ['--rows=1.5', /--rows/],
  ['--size=0', /--size/],
  ['--departments=0', /--departments is "0"/],
  ['--departments=1G', /--departments/],
  ['--decimals=2', /--decimals is "2"; use a number from 0 to 1/],
  ['--quoted=', /--quoted/],
  ['--malformed=-0.1', /--malformed/],
  ['--totals=t.txt', /--totals/],
  ['--out=', /--out/],
  ['--foo', /--foo/],
  ['extra', /extra/],
])('%s is refused with a sentence', (argument, message) => {
  expect(() => readSettings([argument])).toThrow(SettingsError);
  expect(() => readSettings([argument])).toThrow(message);
});

test('rows and a size exclude each other', () => {
  expect(() => readSettings(['--rows=1', '--size=1MB'])).toThrow(/--rows and --size/);
});
