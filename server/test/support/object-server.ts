/** A small object storage in memory: lists and ranged readings as S3 has them, and faults on demand. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A reading that is to be answered. */
interface Reading {
  /** The count of readings before it. */
  count: number;
  request: IncomingMessage;
  response: ServerResponse;
  /** The right answer. */
  headers: Record<string, string | number>;
  body: Buffer;
}

interface StoredObject {
  body: Buffer;
  etag: string;
}

export class ObjectServer implements AsyncDisposable {
  /** By bucket and key with a slash between them. */
  readonly #objects = new Map<string, StoredObject>();
  readonly #server: Server;
  /** Objects of a page of a list. */
  pageSize = 1000;
  /** Answers a reading in its own way, and says so. */
  fault: ((reading: Reading) => boolean) | undefined;
  /** Ranges that were asked for. */
  readonly ranges: string[] = [];
  #readings = 0;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<ObjectServer> {
    const started = new ObjectServer();
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  /** The settings of a process that reads here. */
  get settings(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'reader',
      AWS_SECRET_ACCESS_KEY: 'secret',
      // Nobody asks the machine for others.
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  /** @param name bucket and key with a slash between them */
  put(name: string, content: string | Uint8Array): void {
    const body = Buffer.from(content as Uint8Array);
    this.#objects.set(name, { body, etag: `"${createHash('md5').update(body).digest('hex')}"` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://storage');
    const isSigned = url.searchParams.has('X-Amz-Signature') || /^AWS4/.test(request.headers.authorization ?? '');
    const name = decodeURIComponent(url.pathname.slice(1));
    const found = this.#objects.get(name);
    const wanted = request.headers['if-match'];
    if (!isSigned) fail(response, 403, 'AccessDenied');
    else if (url.searchParams.has('list-type')) this.#list(name.replace(/\/$/, ''), url.searchParams, response);
    else if (!found) fail(response, 404, 'NoSuchKey');
    else if (wanted !== undefined && wanted !== found.etag) fail(response, 412, 'PreconditionFailed');
    else this.#read(found, request, response);
  }

  #read({ body, etag }: StoredObject, request: IncomingMessage, response: ServerResponse): void {
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [from, to] = range ? [Number(range[1]), Math.min(Number(range[2]) + 1, body.length)] : [0, body.length];
    this.ranges.push(`${from}-${to}`);
    const part = body.subarray(from, to);
    const headers = {
      'Content-Range': `bytes ${from}-${to - 1}/${body.length}`,
      'Content-Length': part.length,
      'Last-Modified': new Date(0).toUTCString(),
      ETag: etag,
    };
    if (this.fault?.({ count: this.#readings++, request, response, headers, body: part })) return;
    if (from < body.length) response.writeHead(206, headers).end(part);
    else response.writeHead(416, { 'Content-Range': `bytes */${body.length}`, ETag: etag }).end();
  }

  #list(bucket: string, query: URLSearchParams, response: ServerResponse): void {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const after = query.get('continuation-token') ?? '';
    const names = [...this.#objects.keys()].filter((name) => name.startsWith(`${bucket}/`));
    if (names.length === 0) {
      fail(response, 404, 'NoSuchBucket');
      return;
    }
    const folders = new Set<string>();
    const keys = names
      .map((name) => name.slice(bucket.length + 1))
      .filter((key) => key.startsWith(prefix))
      .sort()
      .filter((key) => {
        const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
        if (end >= 0) folders.add(key.slice(0, end + 1));
        return end < 0;
      });
    const rest = keys.filter((key) => key > after);
    const page = rest.slice(0, this.pageSize);
    const isTruncated = rest.length > page.length;
    const contents = page.map((key) => {
      const { body, etag } = this.#objects.get(`${bucket}/${key}`)!;
      const fields = `<Key>${xml(key)}</Key><Size>${body.length}</Size><ETag>${xml(etag)}</ETag>`;
      return `<Contents>${fields}<LastModified>1970-01-01T00:00:00.000Z</LastModified></Contents>`;
    });
    const common = after === '' ? [...folders] : [];
    response.setHeader('Content-Type', 'application/xml');
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>` +
        (isTruncated ? `<NextContinuationToken>${xml(page.at(-1)!)}</NextContinuationToken>` : '') +
        common.map((folder) => `<CommonPrefixes><Prefix>${xml(folder)}</Prefix></CommonPrefixes>`).join('') +
        `${contents.join('')}</ListBucketResult>`,
    );
  }
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function xml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
