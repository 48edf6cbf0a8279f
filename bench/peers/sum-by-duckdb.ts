/**
 * Sums a file by DuckDB in a process of its own: `node sum-by-duckdb.ts PATH DEPARTMENT AMOUNT THREADS [COLUMNS]`, the
 * columns as JSON of names and types; without them DuckDB finds the types out. Prints the number of rows.
 */
import { DuckDBInstance } from '@duckdb/node-api';

const [path = '', department = '', amount = '', threads = '', columns] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const types = columns ? `, columns = ${structOf(JSON.parse(columns))}, delim = ',', quote = '"', escape = '"'` : '';
const result = await connection.runAndReadAll(
  `SELECT sum(n)::BIGINT FROM (
     SELECT "${department}", sum("${amount}"), count(*) AS n, min("${amount}"), max("${amount}")
     FROM read_csv('${path}', header = true${types}) GROUP BY ALL)`,
);
console.log(String(result.getRows()[0]?.[0]));

function structOf(columns: [string, string][]): string {
  return `{${columns.map(([name, type]) => `'${name}': '${type}'`).join(', ')}}`;
}
