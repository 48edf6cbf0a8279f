import type { Random } from '../../../generator/src/random.ts';
import { FLAG, FRAME, frame, literalHeaders, PREFACE } from './http2-frames.ts';
import { SALES } from './sales.ts';

const LIST_JOBS = '/tallystream.v1.GatewayService/ListJobs';
const PROCESS_CSV = '/tallystream.v1.ProcessorService/ProcessCsv';
const JSON_TYPE = 'application/json';
const FORM = `--X\r\nContent-Disposition: form-data; name="header"\r\n\r\ntrue\r\n--X\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n${SALES}\r\n--X--\r\n`;
/** Numbers at which lengths and counts go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff];
const MAX_MUTATIONS = 6;
const FLOOD = 2_000;

/** The bytes of one client: valid, nearly valid or noise. The same numbers make the same bytes. */
export function hostileBytes(random: Random, uploadPath: string): Buffer {
  const kind = below(random, 10);
  if (kind === 0) return noise(random, 1 + below(random, 4096));
  const valid = kind < 5 ? http1Requests(random, uploadPath) : Buffer.concat(http2Frames(random, uploadPath));
  return below(random, 8) === 0 ? valid : mutate(valid, random);
}

/** A whole number below `end`. */
export function below(random: Random, end: number): number {
  return random.next() % end;
}

function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.next() & 0xff));
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)] as T;
}

function http1(method: string, path: string, headers: Record<string, string>, body: string): string {
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

function withLength(body: string, headers: Record<string, string> = {}): Record<string, string> {
  return { 'Content-Length': String(body.length), ...headers };
}

function chunked(body: string): string {
  const half = body.length >> 1;
  const parts = [body.slice(0, half), body.slice(half)].filter(Boolean);
  return `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')}0\r\n\r\n`;
}

/** Some requests one after the other on the same connection. */
function http1Requests(random: Random, uploadPath: string): Buffer {
  const tus = { 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' };
  const possible = [
    http1('PUT', '/upload?filename=a.csv', withLength(SALES), SALES),
    http1('PUT', '/upload/b.csv', { 'Transfer-Encoding': 'chunked' }, chunked(SALES)),
    http1('PUT', '/upload/c.csv.gz', withLength(SALES, { Expect: '100-continue' }), SALES),
    http1('POST', '/upload', withLength(FORM, { 'Content-Type': 'multipart/form-data; boundary=X' }), FORM),
    http1(
      'POST',
      '/uploads',
      withLength('', { ...tus, 'Upload-Length': '10', 'Upload-Metadata': 'filename YQ==' }),
      '',
    ),
    http1('PATCH', uploadPath, withLength(SALES, tus), SALES),
    http1('HEAD', uploadPath, tus, ''),
    http1('POST', LIST_JOBS, withLength('{"pageSize":2}', { 'Content-Type': JSON_TYPE }), '{"pageSize":2}'),
    http1('POST', PROCESS_CSV, withLength('{}', { 'Content-Type': 'application/connect+json' }), '{}'),
    http1('GET', `${LIST_JOBS}?connect=v1&encoding=json&message=%7B%7D`, {}, ''),
    http1('GET', '/jobs/x/totals.csv?columns=all', { Range: 'bytes=0-1' }, ''),
    http1('GET', '/', { 'If-None-Match': '"x"', 'Accept-Encoding': 'gzip' }, ''),
    http1('OPTIONS', '*', { Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings' }, ''),
    http1('CONNECT', 'localhost:80', {}, ''),
    http1('GET', '/metrics', {}, ''),
  ];
  return Buffer.from(Array.from({ length: 1 + below(random, 4) }, () => pick(random, possible)).join(''));
}

/** A grpc message that is not compressed. */
function grpcMessage(payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

/** A connection with some requests and some of what floods are made of, frame by frame. */
function http2Frames(random: Random, uploadPath: string): Buffer[] {
  const frames = [PREFACE, frame(FRAME.settings, 0, 0, Buffer.from([0, 4, 0, 1, 0, 0]))];
  const count = 1 + below(random, 5);
  for (let index = 0; index < count; index++) frames.push(...http2Request(random, 1 + 2 * index, uploadPath));
  frames.push(...flood(random, 1 + 2 * count));
  // Frames that come twice, not at all or out of order.
  for (let change = below(random, 4); change > 0; change--) {
    const at = 1 + below(random, frames.length - 1);
    const [moved] = frames.splice(at, 1);
    for (let copies = below(random, 3); moved && copies > 0; copies--) {
      frames.splice(1 + below(random, frames.length), 0, moved);
    }
  }
  return frames;
}

function http2Request(random: Random, stream: number, uploadPath: string): Buffer[] {
  const tus = { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  const grpc = { 'content-type': 'application/grpc', te: 'trailers' };
  const sales = Buffer.from(SALES);
  const possible: [string, string, Record<string, string>, Buffer][] = [
    ['PUT', '/upload?filename=h2.csv', {}, sales],
    ['PUT', '/upload/h2.csv', { 'content-length': String(sales.length), expect: '100-continue' }, sales],
    ['POST', '/upload', { 'content-type': 'multipart/form-data; boundary=X' }, Buffer.from(FORM)],
    ['PATCH', uploadPath, tus, sales],
    ['POST', LIST_JOBS, { 'content-type': JSON_TYPE }, Buffer.from('{}')],
    ['POST', LIST_JOBS, grpc, grpcMessage(Buffer.alloc(0))],
    // A chunk: field 2, of the length of the file.
    ['POST', PROCESS_CSV, grpc, grpcMessage(Buffer.concat([Buffer.from([0x12, sales.length]), sales]))],
    ['POST', '/tallystream.v1.GatewayService/WatchJobs', grpc, grpcMessage(Buffer.alloc(0))],
    ['GET', '/jobs/x/totals.json', {}, Buffer.alloc(0)],
    ['GET', '/', {}, Buffer.alloc(0)],
  ];
  const [method, path, headers, body] = pick(random, possible);
  const names = { ':method': method, ':scheme': 'http', ':path': path, ':authority': 'localhost', ...headers };
  const block = literalHeaders(names);
  const split = below(random, block.length);
  const half = body.length >> 1;
  return [
    frame(FRAME.headers, 0, stream, block.subarray(0, split)),
    frame(FRAME.continuation, FLAG.endHeaders, stream, block.subarray(split)),
    frame(FRAME.data, 0, stream, body.subarray(0, half)),
    frame(FRAME.data, FLAG.endStream, stream, body.subarray(half)),
  ];
}

/** Much of one kind of frame, of those that make work for the receiver. */
function flood(random: Random, stream: number): Buffer[] {
  const get = literalHeaders({ ':method': 'GET', ':scheme': 'http', ':path': '/', ':authority': 'localhost' });
  const cancel = Buffer.from([0, 0, 0, 8]);
  const times = (make: (index: number) => Buffer) => Array.from({ length: FLOOD }, (_, index) => make(index));
  switch (below(random, 12)) {
    case 0:
      return times(() => frame(FRAME.ping, 0, 0, Buffer.alloc(8)));
    case 1:
      return times(() => frame(FRAME.settings, 0, 0));
    case 2:
      return times((index) =>
        Buffer.concat([
          frame(FRAME.headers, FLAG.endHeaders | FLAG.endStream, stream + 2 * index, get),
          frame(FRAME.resetStream, 0, stream + 2 * index, cancel),
        ]),
      );
    case 3:
      return [
        frame(FRAME.headers, 0, stream, get),
        ...times(() => frame(FRAME.continuation, 0, stream, literalHeaders({ 'x-more': 'a'.repeat(100) }))),
      ];
    case 4:
      return times(() => frame(FRAME.windowUpdate, 0, 0, Buffer.from([0, 0, 0, 1])));
    case 5:
      return [frame(FRAME.windowUpdate, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff]))];
    case 6:
      return times((index) => frame(FRAME.priority, 0, stream + 2 * index, Buffer.from([0, 0, 0, 0, 16])));
    case 7:
      return times(() => frame(FRAME.data, 0, 1));
    case 8:
      return [frame(FRAME.goaway, 0, 0, Buffer.alloc(8))];
    default:
      return [];
  }
}

function mutate(bytes: Buffer, random: Random): Buffer {
  let changed = Buffer.from(bytes);
  for (let count = 1 + below(random, MAX_MUTATIONS); count > 0; count--) changed = mutateOnce(changed, random);
  return changed;
}

function mutateOnce(bytes: Buffer, random: Random): Buffer<ArrayBuffer> {
  const at = below(random, bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + below(random, 64));
  const [before, some, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (below(random, 7)) {
    case 0:
      return Buffer.concat([before, noise(random, some.length), after]);
    case 1:
      return Buffer.concat([before, noise(random, 1 + below(random, 64)), some, after]);
    case 2:
      return Buffer.concat([before, after]);
    case 3:
      return Buffer.concat([before, some, some, after]);
    case 4:
      return Buffer.concat([before]);
    case 5:
      return Buffer.concat([before, Buffer.from([pick(random, EDGES)]), bytes.subarray(at + 1)]);
    default: {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << below(random, 8));
      return flipped;
    }
  }
}
