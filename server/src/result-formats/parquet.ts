import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, parquetWriteRows, type Writer } from 'hyparquet-writer';
import { parseDecimal } from '../../../kernel/decimal.ts';
import type { PlainTotal } from '../process-csv/totals-batch.ts';
import type { TotalsColumns } from './totals-columns.ts';

/** Bytes that are gathered before they are written out. */
const FLUSH_BYTES = 256 * 1024;

/** DECIMAL(38, 6): the widest that readers know, and the scale of every amount here. */
function decimalColumn(name: string): SchemaElement {
  return {
    name,
    type: 'FIXED_LEN_BYTE_ARRAY',
    type_length: 16,
    converted_type: 'DECIMAL',
    precision: 38,
    scale: 6,
    repetition_type: 'REQUIRED',
  };
}

const FIGURES: SchemaElement[] = [
  decimalColumn('sum'),
  { name: 'count', type: 'INT64', repetition_type: 'REQUIRED' },
  decimalColumn('min'),
  decimalColumn('max'),
  decimalColumn('mean'),
];

/** The names of the columns to group by: `department` alone, or those of the file where there are several. */
function groupNames(groups: readonly string[]): string[] {
  const taken = new Set(FIGURES.map(({ name }) => name));
  if (groups.length < 2) return ['department'];
  return groups.map((group) => {
    let name = group;
    for (let count = 2; taken.has(name); count++) name = `${group} ${count}`;
    taken.add(name);
    return name;
  });
}

function schemaOf(names: readonly string[]): SchemaElement[] {
  const groups = names.map(
    (name): SchemaElement => ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' }),
  );
  return [{ name: 'root', num_children: names.length + FIGURES.length }, ...groups, ...FIGURES];
}

/** Writes the totals as a Parquet file, with at most one row group in memory. */
export async function writeTotalsParquet(
  pages: AsyncIterable<PlainTotal[]>,
  { groups }: TotalsColumns,
  output: Writable,
): Promise<void> {
  const names = groupNames(groups);
  const schema = schemaOf(names);
  await parquetWriteRows({
    writer: streamWriter(output),
    rows: rows(pages, names),
    columns: schema.slice(1).map(({ name }) => ({ name })),
    schema,
    createdBy: 'tallystream',
  });
}

async function* rows(pages: AsyncIterable<PlainTotal[]>, names: readonly string[]) {
  for await (const totals of pages) {
    for (const { department, keys, sum, count, min, max, mean } of totals) {
      yield {
        ...Object.fromEntries(names.map((name, index) => [name, keys[index] ?? department])),
        sum: parseDecimal(sum),
        count,
        min: parseDecimal(min),
        max: parseDecimal(max),
        mean: parseDecimal(mean),
      };
    }
  }
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
