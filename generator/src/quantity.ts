const COUNT_UNITS: Record<string, number> = { '': 1, k: 1e3, m: 1e6, b: 1e9, g: 1e9 };
const SIZE_UNITS: Record<string, number> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 2 ** 10,
  m: 1e6,
  mb: 1e6,
  mib: 2 ** 20,
  g: 1e9,
  gb: 1e9,
  gib: 2 ** 30,
  t: 1e12,
  tb: 1e12,
  tib: 2 ** 40,
};

/** Reads a count such as `250`, `1k`, `2.5M` or `1B`; undefined if it is none or not whole. */
export function parseCount(text: string): number | undefined {
  return parse(text, COUNT_UNITS);
}

/** Reads a size in bytes such as `500MB`, `5GB` or `6GiB`; undefined if it is none or not whole. */
export function parseSize(text: string): number | undefined {
  return parse(text, SIZE_UNITS);
}

function parse(text: string, units: Record<string, number>): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text.trim());
  const unit = match && units[match[2]!.toLowerCase()];
  if (!unit) return undefined;
  const exact = Number(match[1]) * unit;
  const value = Math.round(exact);
  // 0.3 * 1e6 is not exactly whole; 2.5 rows are far from it.
  return Math.abs(exact - value) < 1e-6 && Number.isSafeInteger(value) ? value : undefined;
}
