import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addExact, divideExact, parseExact, subtractExact, writeExact } from './exact.ts';

const add = (...texts: string[]) => writeExact(addExact(texts.map(parseExact)));
const divide = (part: string, whole: string, decimals: number) =>
  writeExact(divideExact(parseExact(part), parseExact(whole), decimals));

describe('parseExact', () => {
  it.each(['0', '-0.5', '12.50', '123456789012345678901234567890.123456'])('%s is written as it was read', (text) =>
    expect(writeExact(parseExact(text))).toBe(text),
  );
  it.each(['', '1e5', '.5', '1,5', '–'])('refuses %j', (text) => expect(() => parseExact(text)).toThrow(RangeError));
});

describe('addExact', () => {
  it('loses no digit where floats do', () => {
    expect(add('0.1', '0.2')).toBe('0.3');
    expect(add('9007199254740993', '0.000001', '-1')).toBe('9007199254740992.000001');
  });
  it('keeps the digits after the point of the term with the most', () => expect(add('1', '2.50', '-3.5')).toBe('0.00'));
  it('of nothing is nothing', () => expect(add()).toBe('0'));
  it('goes below zero with its sign', () => expect(add('0.25', '-1')).toBe('-0.75'));
  it('gives back what was added, whatever it was', () => {
    const decimals = fc.record({ units: fc.bigInt(), decimals: fc.integer({ min: 0, max: 6 }) });
    fc.assert(
      fc.property(decimals, decimals, (one, other) => {
        const back = subtractExact(addExact([one, other]), other);
        expect(subtractExact(back, one).units).toBe(0n);
      }),
    );
  });
});

describe('divideExact', () => {
  it('rounds once, half to even', () => {
    expect(divide('0.125', '1', 2)).toBe('0.12');
    expect(divide('0.135', '1', 2)).toBe('0.14');
    // A quotient that was rounded to 3 digits before would be 0.12.
    expect(divide('0.1250000000000000000001', '1', 2)).toBe('0.13');
    expect(divide('2', '3', 4)).toBe('0.6667');
  });
  it('has the sign of the quotient', () => {
    expect(divide('-1', '3', 3)).toBe('-0.333');
    expect(divide('-1', '-3', 3)).toBe('0.333');
  });
});
