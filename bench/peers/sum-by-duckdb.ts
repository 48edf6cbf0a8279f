/**
 * Sums a file by DuckDB in a process of its own: `node sum-by-duckdb.ts PATH DEPARTMENT AMOUNT THREADS [COLUMNS]`, the
 * columns as JSON of names and types; without them DuckDB finds the types out. It writes the totals as CSV, sorted, as ours
 * does.
 */
import { DuckDBInstance } from '@duckdb/node-api';

const [path = '', department = '', amount = '', threads = '', columns] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const types = columns ? `, columns = ${structOf(JSON.parse(columns))}, delim = ',', quote = '"', escape = '"'` : '';
await connection.run(
  `COPY (
     SELECT "${department}", sum("${amount}"), count(*), min("${amount}"), max("${amount}"), avg("${amount}")
     FROM read_csv('${path}', header = true${types}) GROUP BY ALL ORDER BY 1
   ) TO '/dev/null' (FORMAT csv, HEADER)`,
);

function structOf(columns: [string, string][]): string {
  return `{${columns.map(([name, type]) => `'${name}': '${type}'`).join(', ')}}`;
}
