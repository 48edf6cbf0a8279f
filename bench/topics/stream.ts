/**
 * The gRPC stream with the analysis behind it, beside what gRPC and HTTP/2 move when nobody looks at the bytes. The bytes
 * come out of memory, so that no disk and no generator takes part.
 */
import { once } from 'node:events';
import * as http2 from 'node:http2';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { createRowSource, HEADER } from '../../generator/src/row-source.ts';
import { READ_BYTES } from '../../server/src/gateway/spool/spool.ts';
import { ProcessStream } from '../../server/src/processor-client/process-stream.ts';
import { ProcessorConnection } from '../../server/src/processor-client/processor-connection.ts';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { ChildServer } from '../harness/child-server.ts';
import { type Comparison, compare, printComparisons } from '../harness/comparison.ts';
import { inTurns } from '../harness/turns.ts';

/** The messages that a client of Connect would send. */
const MESSAGE_BYTES = 1024 * 1024;
const ROWS_BYTES = 64 * 1024 * 1024;

export async function benchStream({ sizeBytes, rounds }: BenchOptions): Promise<Comparison[]> {
  await using stock = await ChildServer.start('../peers/stream-peers.ts', 'stock');
  await using bare = await ChildServer.start('../peers/stream-peers.ts', 'bare');
  await using ours = await ServerProcess.start({ ROLE: 'processor' });
  const rows = wholeRows();
  const megabytes = (milliseconds: number) => sizeBytes / 1e3 / milliseconds;
  const [process, connect, plain] = await inTurns(rounds, [
    async () => megabytes(await streamToProcessor(ours.url, rows, sizeBytes)),
    async () => megabytes(await streamToConnect(stock.url, rows, sizeBytes)),
    async () => megabytes(await streamBare(bare.url, rows, sizeBytes)),
  ]);
  const ratio = (a: number, b: number) => a / b;
  const comparisons = [
    compare(
      { what: 'stock connect-node, 1 MB messages, discarded', unit: 'MB/s', goal: { least: 4 } },
      process!,
      connect!,
      ratio,
    ),
    compare({ what: 'bare node:http2, discarded', unit: 'MB/s', goal: { least: 0.5 } }, process!, plain!, ratio),
  ];
  printComparisons(comparisons);
  return comparisons;
}

/** Whole rows without a header, to be sent again and again. */
function wholeRows(): Buffer {
  const source = createRowSource({
    sizeBytes: ROWS_BYTES,
    departments: 100,
    seed: 1,
    decimals: 0,
    quoted: 0,
    malformed: 0,
  });
  const text = Buffer.concat(Array.from(source, (chunk) => Buffer.from(chunk)));
  return text.subarray(HEADER.length);
}

function* pieces(rows: Buffer, sizeBytes: number, pieceBytes: number): Generator<Buffer> {
  let at = 0;
  for (let left = sizeBytes; left > 0; ) {
    const piece = rows.subarray(at, at + Math.min(left, pieceBytes));
    yield piece;
    left -= piece.length;
    at = (at + piece.length) % rows.length;
  }
}

async function streamToProcessor(url: string, rows: Buffer, sizeBytes: number): Promise<number> {
  const connection = new ProcessorConnection(url);
  try {
    const startedAt = performance.now();
    const stream = await ProcessStream.open(connection, new AbortController().signal);
    const sending = (async () => {
      await stream.send({ message: { case: 'options', value: { csv: { header: 'false' } } } });
      for (const piece of pieces(rows, sizeBytes, READ_BYTES)) await stream.sendChunk(piece);
      stream.end();
    })();
    let bytes = 0n;
    for await (const message of stream.responses) {
      if (message.case === 'summary') bytes = message.value.bytes;
    }
    await sending;
    if (bytes !== BigInt(sizeBytes)) throw new Error(`${bytes} bytes were analysed, ${sizeBytes} were sent`);
    return performance.now() - startedAt;
  } finally {
    connection.close();
  }
}

async function streamToConnect(url: string, rows: Buffer, sizeBytes: number): Promise<number> {
  const client = createClient(ProcessorService, createGrpcTransport({ baseUrl: url }));
  const startedAt = performance.now();
  async function* requests() {
    for (const piece of pieces(rows, sizeBytes, MESSAGE_BYTES)) {
      yield { message: { case: 'chunk', value: new Uint8Array(piece) } } as const;
    }
  }
  for await (const _ of client.processCsv(requests()));
  return performance.now() - startedAt;
}

async function streamBare(url: string, rows: Buffer, sizeBytes: number): Promise<number> {
  const session = http2.connect(url, { maxSessionMemory: 256 });
  try {
    const startedAt = performance.now();
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    stream.resume();
    const ended = once(stream, 'end');
    for (const piece of pieces(rows, sizeBytes, MESSAGE_BYTES)) {
      if (!stream.write(piece)) await once(stream, 'drain');
    }
    stream.end();
    await ended;
    return performance.now() - startedAt;
  } finally {
    session.destroy();
  }
}
