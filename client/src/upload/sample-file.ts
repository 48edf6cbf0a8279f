const regions = ['North', 'South', 'East', 'West', 'Central', 'Online', 'Export', 'Outlet'];
const rows = 120_000;
/** Rows that are made without a pause: some milliseconds, in which the page does not answer. */
const rowsAtOnce = 10_000;

/** Makes a sales CSV to try the page with: the same bytes every time, about 4 MB, with a few rows that cannot count. */
export async function makeSampleFile(): Promise<File> {
  // A linear congruential generator (Numerical Recipes): good enough for sales, and always the same.
  let seed = 20_240_229;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const lines = ['Date,Department Name,Product,Number of Sales'];
  for (let row = 0; row < rows; row++) {
    if (row % rowsAtOnce === 0) await new Promise((resolve) => setTimeout(resolve));
    const day = String(1 + next(28)).padStart(2, '0');
    const month = String(1 + next(12)).padStart(2, '0');
    const region = regions[Math.min(next(regions.length), next(regions.length))] ?? 'North';
    const amount = row % 20_011 === 7 ? 'n/a' : `${next(900) + 1}.${String(next(100)).padStart(2, '0')}`;
    lines.push(`2024-${month}-${day},${region},P-${next(500)},${amount}`);
  }
  return new File([lines.join('\n'), '\n'], 'sample-sales.csv', { type: 'text/csv' });
}
