import { describe, expect, it } from 'vitest';
import { barShare, formatDecimal, shareOf } from './decimal.ts';

describe('formatDecimal', () => {
  it('keeps every digit of a sum that a float could not hold', () => {
    expect(formatDecimal('123456789012345678901234567890.123456', 'en')).toBe(
      '123,456,789,012,345,678,901,234,567,890.123456',
    );
  });

  it('keeps trailing zeros after the point', () => {
    expect(formatDecimal('1234.50', 'en')).toBe('1,234.50');
    expect(formatDecimal('0.000000', 'en')).toBe('0.000000');
  });

  it('keeps the sign', () => {
    expect(formatDecimal('-9007199254740993', 'en')).toBe('-9,007,199,254,740,993');
  });

  it('uses the separators of the locale', () => {
    expect(formatDecimal('1234567.5', 'de')).toBe('1.234.567,5');
  });

  it.each(['', 'NaN', '1e5', '.5', '1,000'])('leaves %j as it is', (value) => {
    expect(formatDecimal(value, 'en')).toBe(value);
  });
});

describe('barShare', () => {
  it('is the part of the largest', () => expect(barShare('25', '100')).toBe(0.25));
  it('never leaves the bar, and has none for what is below zero', () => {
    expect(barShare('200', '100')).toBe(1);
    expect(barShare('-5', '100')).toBe(0);
    expect(barShare('-5', '-1')).toBe(0);
  });
  it('is 0 where there is nothing to divide by', () => {
    expect(barShare('0', '0')).toBe(0);
    expect(barShare('', '')).toBe(0);
  });
});

describe('shareOf', () => {
  it('goes beyond the whole where others are below zero', () => {
    expect(shareOf('10', '5')).toBe(2);
    expect(shareOf('-5', '5')).toBe(-1);
    expect(shareOf('-5', '-20')).toBe(0.25);
  });
  it('is not known beside nothing', () => expect(shareOf('5', '0')).toBeUndefined());
});
