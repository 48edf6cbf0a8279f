import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, parquetWriteRows, type Writer } from 'hyparquet-writer';
import { parseDecimal } from '../../../kernel/decimal.ts';
import { AMOUNT_DECIMALS, PRODUCT_DECIMALS } from '../../../kernel/kernel.ts';
import type { PlainTotal } from '../process-csv/totals-batch.ts';
import type { TotalsColumns } from './totals-columns.ts';

/** Bytes that are gathered before they are written out. */
const FLUSH_BYTES = 256 * 1024;

/** DECIMAL(38, 6), of products with 12 digits behind the point: the widest that readers know. */
function decimalColumn(name: string, scale: number, isThere: boolean): SchemaElement {
  return {
    name,
    type: 'FIXED_LEN_BYTE_ARRAY',
    type_length: 16,
    converted_type: 'DECIMAL',
    precision: 38,
    scale,
    repetition_type: isThere ? 'REQUIRED' : 'OPTIONAL',
  };
}

/** The columns of one amount. Of several, each begins with its name, and some rows may not have it. */
interface FigureColumns {
  names: { sum: string; count: string; min: string; max: string; mean: string };
  schema: SchemaElement[];
  decimals: number;
}

/** Gives names that are not taken. Readers that speak SQL take those for the same that differ in case only. */
class Names {
  readonly #taken = new Set<string>();

  take(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name.toLowerCase()); count++) name = `${wanted} ${count}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

function figureColumns({ amounts }: TotalsColumns, names: Names): FigureColumns[] {
  return amounts.map(({ name, isProduct }) => {
    const decimals = isProduct ? PRODUCT_DECIMALS : AMOUNT_DECIMALS;
    const isOnly = amounts.length === 1;
    const named = (figure: string) => names.take(isOnly ? figure : `${name} ${figure}`);
    const all = {
      sum: isOnly ? named('sum') : names.take(name),
      count: named('count'),
      min: named('min'),
      max: named('max'),
      mean: named('mean'),
    };
    const schema: SchemaElement[] = [
      decimalColumn(all.sum, decimals, true),
      { name: all.count, type: 'INT64', repetition_type: 'REQUIRED' },
      ...[all.min, all.max, all.mean].map((column) => decimalColumn(column, decimals, isOnly)),
    ];
    return { names: all, schema, decimals };
  });
}

function schemaOf(groups: readonly string[], figures: readonly FigureColumns[]): SchemaElement[] {
  const texts = groups.map(
    (name): SchemaElement => ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' }),
  );
  const columns = [...texts, ...figures.flatMap(({ schema }) => schema)];
  return [{ name: 'root', num_children: columns.length }, ...columns];
}

/** Writes the totals as a Parquet file, with at most one row group in memory. */
export async function writeTotalsParquet(
  pages: AsyncIterable<PlainTotal[]>,
  columns: TotalsColumns,
  output: Writable,
): Promise<void> {
  const names = new Names();
  // Readers of before know the names of one amount and of one group; the others are those of the file.
  const isSingle = columns.groups.length === 1;
  const reserved = columns.amounts.length === 1 ? figureColumns(columns, names) : undefined;
  const groups = columns.groups.map((name) => names.take(isSingle ? 'department' : name));
  const figures = reserved ?? figureColumns(columns, names);
  const schema = schemaOf(groups, figures);
  await parquetWriteRows({
    writer: streamWriter(output),
    rows: rows(pages, groups, figures),
    columns: schema.slice(1).map(({ name }) => ({ name })),
    schema,
    createdBy: 'tallystream',
  });
}

async function* rows(
  pages: AsyncIterable<PlainTotal[]>,
  groups: readonly string[],
  figures: readonly FigureColumns[],
): AsyncGenerator<Record<string, unknown>> {
  for await (const totals of pages) {
    for (const total of totals) {
      const row: Record<string, unknown> = {};
      for (const [index, name] of groups.entries()) row[name] = total.keys[index] ?? total.department;
      for (const [index, { names, decimals }] of figures.entries()) {
        const { sum, count, min, max, mean } = total.figures[index] ?? total;
        row[names.sum] = parseDecimal(sum, decimals);
        row[names.count] = count;
        row[names.min] = decimalOrNone(min, decimals);
        row[names.max] = decimalOrNone(max, decimals);
        row[names.mean] = decimalOrNone(mean, decimals);
      }
      yield row;
    }
  }
}

function decimalOrNone(text: string, decimals: number): bigint | undefined {
  return text === '' ? undefined : parseDecimal(text, decimals);
}

/** The library's writer over a stream, with its backpressure. */
function streamWriter(output: Writable): Writer {
  const writer = new ByteWriter() as ByteWriter & { index: number };
  // A client that goes away never drains.
  const gone = new AbortController();
  output.once('close', () => gone.abort());
  const flush = async () => {
    if (writer.index === 0) return;
    const bytes = Buffer.from(new Uint8Array(writer.buffer, 0, writer.index));
    writer.index = 0;
    if (!output.write(bytes)) await once(output, 'drain', { signal: gone.signal });
  };
  return Object.assign(writer, {
    flush: async () => {
      if (writer.index >= FLUSH_BYTES) await flush();
    },
    finish: flush,
  });
}
