/**
 * Decimals as texts that sort as the numbers do, byte by byte: SQLite has no exact decimals, and sums go beyond 64 bits.
 *
 * A key is one character for sign and number of integer digits, then the digits as they are: `1234.50` is `D1234.50`
 * ('@' plus 4). For a negative number the character counts down, each digit is turned into its nines' complement, and a
 * '~' closes it, so that of two with the same beginning the longer (smaller) one comes first.
 */
const ZERO_DIGITS = 64;
const NEGATIVE_END = '~';

/** @param decimal an exact decimal such as `-12.50`, without leading zeros; empty for none, which comes before all */
export function toSortKey(decimal: string): string {
  if (decimal === '') return '';
  const isNegative = decimal.startsWith('-');
  const digits = isNegative ? decimal.slice(1) : decimal;
  const point = digits.indexOf('.');
  const integerDigits = point < 0 ? digits.length : point;
  if (!isNegative) return String.fromCharCode(ZERO_DIGITS + integerDigits) + digits;
  return String.fromCharCode(ZERO_DIGITS - integerDigits) + complement(digits) + NEGATIVE_END;
}

/** The decimal that a key was made from. */
export function fromSortKey(key: string): string {
  if (key === '' || key.charCodeAt(0) > ZERO_DIGITS) return key.slice(1);
  return `-${complement(key.slice(1, -1))}`;
}

function complement(digits: string): string {
  return digits.replace(/\d/g, (digit) => String(9 - Number(digit)));
}
