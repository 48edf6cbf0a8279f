import { describe, expect, it } from 'vitest';
import { formatBytes, formatBytesPerSecond } from './bytes.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.00 kB'],
    [999_999, '1.00 MB'],
    [12_345_678, '12.3 MB'],
    [5_916_123_456, '5.92 GB'],
    [506_000_000, '506 MB'],
    [2_500_000_000_000_000, '2,500 TB'],
  ])('%d bytes is %s', (bytes, text) => expect(formatBytes(bytes, 'en')).toBe(text.replace(' ', '\u00a0')));

  it('takes the 64-bit integers of messages', () => {
    expect(formatBytes(6_000_000_000n, 'de')).toBe('6,00\u00a0GB');
  });
});

describe('formatBytesPerSecond', () => {
  it('names the unit', () => expect(formatBytesPerSecond(212_400_000, 'en')).toBe('212\u00a0MB/s'));
});
