const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const formats = new Map<string, Intl.NumberFormat>();

function formatFor(unit: string, decimals: number, locale: string | undefined): Intl.NumberFormat {
  const key = `${locale ?? ''}/${unit}/${decimals}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(key, format);
  }
  return format;
}

function scale(bytes: number): { value: number; unit: (typeof units)[number]; decimals: number } {
  let value = bytes;
  let step = 0;
  // 999.5 would be shown as 1,000 of the smaller unit.
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step++;
  }
  const unit = units[step] ?? 'byte';
  if (unit === 'byte') return { value: Math.round(value), unit, decimals: 0 };
  return { value, unit, decimals: value < 9.995 ? 2 : value < 99.95 ? 1 : 0 };
}

/** Formats bytes in powers of 1000, with three digits that count: `6.05 GB`. */
export function formatBytes(bytes: number | bigint, locale?: string): string {
  const { value, unit, decimals } = scale(Number(bytes));
  return formatFor(unit, decimals, locale).format(value);
}

/** Formats bytes a second: `212 MB/s`. */
export function formatBytesPerSecond(bytes: number, locale?: string): string {
  const { value, unit, decimals } = scale(bytes);
  return formatFor(`${unit}-per-second`, decimals, locale).format(value);
}
