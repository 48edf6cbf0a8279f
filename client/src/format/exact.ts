/** An exact decimal: `units` with the point before the last `decimals` digits. */
export interface Exact {
  units: bigint;
  decimals: number;
}

/** Reads a decimal such as `-12.50`. Throws a RangeError if it is not a plain one. */
export function parseExact(text: string): Exact {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a plain decimal`);
  const [, whole = '', fraction = ''] = match;
  return { units: BigInt(whole + fraction), decimals: fraction.length };
}

/** Writes a decimal with all its digits, also zeros at their end. */
export function writeExact({ units, decimals }: Exact): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return sign + digits.slice(0, point) + (decimals > 0 ? `.${digits.slice(point)}` : '');
}

/** The units of a decimal with more digits after the point. */
export function unitsAt({ units, decimals }: Exact, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - decimals);
}

/** Adds decimals up. The sum has as many digits after the point as the one with the most. */
export function addExact(terms: readonly Exact[]): Exact {
  const decimals = terms.reduce((most, term) => Math.max(most, term.decimals), 0);
  return { units: terms.reduce((sum, term) => sum + unitsAt(term, decimals), 0n), decimals };
}

/** Takes one decimal from another. */
export function subtractExact(from: Exact, term: Exact): Exact {
  return addExact([from, { ...term, units: -term.units }]);
}

/**
 * Divides a decimal by another that is not zero, and rounds once, half to even, at a digit after the point. The whole of
 * both takes part in the rounding.
 */
export function divideExact(part: Exact, whole: Exact, decimals: number): Exact {
  const scale = Math.max(part.decimals, whole.decimals);
  const [above, below] = [unitsAt(part, scale) * 10n ** BigInt(decimals), unitsAt(whole, scale)];
  const isNegative = above < 0n !== below < 0n;
  const [size, by] = [above < 0n ? -above : above, below < 0n ? -below : below];
  const [floor, rest] = [size / by, (size % by) * 2n];
  const rounded = rest > by || (rest === by && floor % 2n === 1n) ? floor + 1n : floor;
  return { units: isNegative ? -rounded : rounded, decimals };
}
