import { texts } from '../texts.ts';

const formats = new Map<string, Intl.NumberFormat>();

function formatNumber(value: number, decimals: number, locale: string | undefined): string {
  const key = `${locale ?? ''}/${decimals}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  return format.format(value);
}

function scale(bytes: number): { value: number; unit: string; decimals: number } {
  const { byte, bytes: unitOfFew, larger } = texts.units;
  let value = bytes;
  let step = -1;
  // 999.5 would be shown as 1,000 of the smaller unit.
  while (value >= 999.5 && step < larger.length - 1) {
    value /= 1000;
    step++;
  }
  const unit = larger[step];
  if (unit === undefined) return { value, unit: Math.round(value) === 1 ? byte : unitOfFew, decimals: 0 };
  return { value, unit, decimals: value < 9.995 ? 2 : value < 99.95 ? 1 : 0 };
}

/** Formats bytes in powers of 1000, with three digits that count: `6.05 GB`. */
export function formatBytes(bytes: number | bigint, locale?: string): string {
  const { value, unit, decimals } = scale(Number(bytes));
  return `${formatNumber(value, decimals, locale)}\u00a0${unit}`;
}

/** Formats bytes a second: `212 MB/s`. */
export function formatBytesPerSecond(bytes: number, locale?: string): string {
  return texts.units.perSecond(formatBytes(bytes, locale));
}
