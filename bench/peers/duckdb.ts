import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { parseDecimal } from '../../kernel/decimal.ts';
import { PRODUCT_DECIMALS } from '../../kernel/kernel.ts';
import type { Pass } from '../harness/kernel-pass.ts';
import type { SalesFile } from '../harness/sales-file.ts';

/** DuckDB: the fastest of the well-known tools that answer the same question. */
export class DuckDb implements Disposable {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** @param path of the database; without one it is in memory */
  static async open(path = ':memory:', threads = 1): Promise<DuckDb> {
    const instance = await DuckDBInstance.create(path, { threads: String(threads) });
    return new DuckDb(await instance.connect());
  }

  /** Seconds for a table of the totals in the database, sorted by department. */
  async storeTotals(file: SalesFile): Promise<number> {
    const { department, amount, rows } = source(file);
    const startedAt = performance.now();
    await this.#connection.run(
      `CREATE OR REPLACE TABLE totals AS
       SELECT ${department}, sum(${amount}), count(*), min(${amount}), max(${amount}), avg(${amount})
       FROM ${rows}
       GROUP BY ${department} ORDER BY ${department}`,
    );
    await this.#connection.run('CHECKPOINT');
    return (performance.now() - startedAt) / 1000;
  }

  /** The same figures as the kernel has, from columns whose types are given. */
  async totalFile(file: SalesFile): Promise<Pass> {
    const { department, amount, rows } = source(file, 'parallel = false');
    const startedAt = performance.now();
    const result = await this.#connection.runAndReadAll(
      `SELECT sum(rows)::BIGINT, count(*), sum(total)::VARCHAR FROM (
         SELECT ${department}, sum(${amount}) AS total, count(*) AS rows, min(${amount}), max(${amount})
         FROM ${rows}
         GROUP BY ALL)`,
    );
    const milliseconds = performance.now() - startedAt;
    const [counted, departments, total] = result.getRows()[0] as [bigint, bigint, string];
    return { milliseconds, rows: Number(counted), departments: Number(departments), total: parseDecimal(total) };
  }

  /** The answer to a question in SQL: the sum of all sums of the first amount, in units of its decimals. */
  async answer(
    file: SalesFile,
    { groups, amounts, where = 'true' }: { groups: string[]; amounts: string[]; where?: string },
  ): Promise<Pass> {
    const { rows } = source(file, 'parallel = false');
    const keys = groups.map((sql, index) => `${sql} AS k${index}`);
    const figures = amounts.flatMap((sql, index) => [
      `sum(${sql}) AS s${index}`,
      ...['count', 'min', 'max'].map((name) => `${name}(${sql}) AS ${name}${index}`),
    ]);
    const startedAt = performance.now();
    const result = await this.#connection.runAndReadAll(
      `SELECT ${[...keys, ...figures].join(', ')} FROM ${rows} WHERE ${where} GROUP BY ALL ORDER BY ALL`,
    );
    const milliseconds = performance.now() - startedAt;
    const at = result.columnNames().indexOf('s0');
    const sums = result.getRows().map((row) => parseDecimal(String(row[at]), PRODUCT_DECIMALS));
    const total = sums.reduce((sum, each) => sum + each, 0n);
    return { milliseconds, rows: 0, departments: sums.length, total };
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
  }
}

/** The source of a query on a file: two columns, and the rows. */
function source({ path, columns, departmentIndex, amountIndex }: SalesFile, ...options: string[]) {
  const types = columns.map(([name, type]) => `'${name}': '${type}'`).join(', ');
  const all = ['header = true', `delim = ','`, `quote = '"'`, `escape = '"'`, ...options, `columns = {${types}}`];
  return {
    department: `"${columns[departmentIndex]![0]}"`,
    amount: `"${columns[amountIndex]![0]}"`,
    rows: `read_csv('${path}', ${all.join(', ')})`,
  };
}
