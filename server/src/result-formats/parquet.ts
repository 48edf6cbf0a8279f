import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, parquetWriteRows, type Writer } from 'hyparquet-writer';
import { parseDecimal } from '../../../kernel/decimal.ts';
import type { PlainTotal } from '../process-csv/totals-batch.ts';

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

const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 6 },
  { name: 'department', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  decimalColumn('sum'),
  { name: 'count', type: 'INT64', repetition_type: 'REQUIRED' },
  decimalColumn('min'),
  decimalColumn('max'),
  decimalColumn('mean'),
];

/** Writes the totals as a Parquet file, with at most one row group in memory. */
export async function writeTotalsParquet(pages: AsyncIterable<PlainTotal[]>, output: Writable): Promise<void> {
  await parquetWriteRows({
    writer: streamWriter(output),
    rows: rows(pages),
    columns: SCHEMA.slice(1).map(({ name }) => ({ name })),
    schema: SCHEMA,
    createdBy: 'tallystream',
  });
}

async function* rows(pages: AsyncIterable<PlainTotal[]>) {
  for await (const totals of pages) {
    for (const { department, sum, count, min, max, mean } of totals) {
      yield {
        department,
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
