const formats = new Map<string, Intl.NumberFormat>();

function formatFor(decimals: number, locale: string | undefined): Intl.NumberFormat {
  const key = `${locale ?? ''}/${decimals}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  return format;
}

/**
 * Formats an exact decimal such as `1234567890123456789.50` in the reader's locale. Every digit is kept, also those
 * after the point: the string goes to `Intl.NumberFormat` as it is, which takes decimal strings without rounding.
 * A string that is not a plain decimal comes back unchanged.
 */
export function formatDecimal(value: string, locale?: string): string {
  const match = /^-?\d+(?:\.(\d+))?$/.exec(value);
  if (match === null) return value;
  return formatFor(match[1]?.length ?? 0, locale).format(value as Intl.StringNumericLiteral);
}

/** How much of a bar `part` fills beside the largest of all, 0 to 1; nothing below zero. For drawing only: a float. */
export function barShare(part: string, largest: string): number {
  const [length, whole] = [Number(part), Number(largest)];
  return length > 0 && whole > 0 ? Math.min(1, length / whole) : 0;
}

/** How large `part` is beside `whole`, for percentages; undefined where there is nothing to divide by. */
export function shareOf(part: string, whole: string): number | undefined {
  const quotient = Number(part) / Number(whole);
  return Number.isFinite(quotient) ? quotient : undefined;
}
