import { DuckDBInstance } from '@duckdb/node-api';

/** Runs a query in DuckDB and returns the rows as texts. */
export async function queryDuckDb(sql: string): Promise<string[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRows().map((row) => row.map(String));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Totals per department of a CSV file, as DuckDB has them, sorted as Tallystream sorts them. */
export async function totalsByDuckDb(file: string, department: string, amount: string): Promise<Map<string, string>> {
  const rows = await queryDuckDb(
    `SELECT trim("${department}") AS d, sum(CAST(trim("${amount}") AS DECIMAL(24, 6))) FROM read_csv('${file}',
      all_varchar = true, header = true, quote = '"', escape = '"') GROUP BY d ORDER BY d`,
  );
  return new Map(rows.map(([name = '', sum = '']) => [name, sum]));
}
