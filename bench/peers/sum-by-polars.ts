/**
 * Sums a file by Polars in a process of its own: `node sum-by-polars.ts PATH DEPARTMENT AMOUNT`. It writes the totals as CSV,
 * sorted.
 * Polars is no dependency of this project: `npm install --no-save nodejs-polars` brings it for a run.
 */
const [path = '', department = '', amount = ''] = process.argv.slice(2);
const name = 'nodejs-polars';
const { default: pl } = await import(name);
const sales = pl.col(amount);
const totals = await pl
  .scanCSV(path)
  .groupBy(department)
  .agg(sales.sum().alias('sum'), sales.count().alias('count'), sales.min().alias('min'), sales.max().alias('max'))
  .sort(department)
  .collect({ streaming: true });
totals.writeCSV('/dev/null');
