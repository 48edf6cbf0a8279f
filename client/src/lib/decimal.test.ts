import { describe, expect, it } from 'vitest';
import { formatDecimal, ratio } from './decimal.ts';

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

describe('ratio', () => {
  it('is the part of the whole', () => expect(ratio('25', '100')).toBe(0.25));
  it('never leaves the bar', () => {
    expect(ratio('200', '100')).toBe(1);
    expect(ratio('-5', '100')).toBe(0);
  });
  it('is 0 where there is nothing to divide by', () => {
    expect(ratio('0', '0')).toBe(0);
    expect(ratio('', '')).toBe(0);
  });
});
