/** An upload that is refused midway: its client hears why, though it goes on sending. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedJob, gatewayClient, upload } from './support/clients.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

const ROUNDS = 50;
const PIECE = Buffer.alloc(64 * 1024, 'Sports,2024-01-01,1\n');
const CHUNK = Buffer.concat([Buffer.from(`${PIECE.length.toString(16)}\r\n`), PIECE, Buffer.from('\r\n')]);
/** Far beyond what is allowed, and more than sockets hold. */
const PATIENT_CHUNKS = 256;
const FORM_HEAD = '--X\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n';
const FORM_CHUNK = `${FORM_HEAD.length.toString(16)}\r\n${FORM_HEAD}\r\n`;
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({ MAX_UPLOAD_BYTES: '1MB' });
});
afterAll(() => server[Symbol.asyncDispose]());

async function begin(head: string): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(head);
  return socket;
}

/** Waits for the first of some events; an error is followed by 'close'. */
async function anyOf(socket: Socket, events: string[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const event of events) socket.on(event, resolve);
  await promise;
  for (const event of events) socket.off(event, resolve);
}

/** Writes chunks until the answer has ended, or so many. */
async function keepSending(socket: Socket, chunks: number): Promise<void> {
  for (let count = 0; count < chunks && socket.writable && !socket.readableEnded; count++) {
    if (socket.write(CHUNK)) await new Promise((resolve) => setImmediate(resolve));
    else await anyOf(socket, ['drain', 'close', 'end']);
  }
}

async function readAll(socket: Socket): Promise<string> {
  let answer = '';
  socket.on('data', (bytes) => (answer += bytes));
  socket.resume();
  await anyOf(socket, ['end', 'close']);
  return answer;
}

function expectWhole(answer: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 413 /);
  expect(head.toLowerCase()).toContain('connection: close');
  expect(body.length).toBe(Number(/content-length: (\d+)/i.exec(head)?.[1]));
  expect(JSON.parse(body)).toMatchObject({ code: 'UPLOAD_TOO_LARGE' });
}

const HEADS: Record<string, string> = {
  'a raw body': 'PUT /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n',
  'a form': `POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=X\r\nTransfer-Encoding: chunked\r\n\r\n${FORM_CHUNK}`,
};

test.each(Object.keys(HEADS))('%s: who reads while it sends gets the whole answer, every time', async (name) => {
  for (let round = 0; round < ROUNDS; round++) {
    const socket = await begin(HEADS[name] ?? '');
    const reading = readAll(socket);
    await keepSending(socket, Number.POSITIVE_INFINITY);
    expectWhole(await reading);
    socket.destroy();
  }
});

test.each(Object.keys(HEADS))('%s: who reads only when it has sent much gets the whole answer too', async (name) => {
  for (let round = 0; round < ROUNDS; round++) {
    const socket = await begin(HEADS[name] ?? '');
    socket.pause();
    await keepSending(socket, PATIENT_CHUNKS);
    expectWhole(await readAll(socket));
    socket.destroy();
  }
});

test('a refused client that sends for ever is cut off', async () => {
  const socket = await begin(HEADS['a raw body'] ?? '');
  const reading = readAll(socket);
  // Not even the end of the answer stops it.
  while (socket.writable) {
    if (!socket.write(CHUNK)) await anyOf(socket, ['drain', 'close']);
  }
  expectWhole(await reading);
});

test('what follows a refused request on its connection is not served', async () => {
  const refused = 'PUT /upload?header=maybe HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n';
  const socket = await begin(refused);
  const reading = readAll(socket);
  await once(socket, 'data');
  const next = `PUT /upload?filename=smuggled.csv HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${SALES.length}\r\n\r\n`;
  socket.end(`${'x'.repeat(100)}${next}${SALES}`);
  const answer = await reading;
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer.split('HTTP/1.1 ')).toHaveLength(2);
  await endedJob(server.url, (await upload(server.url, SALES, '?filename=after.csv')).id);
  const { jobs } = await gatewayClient(server.url).listJobs({ pageSize: 1000 });
  expect(jobs.filter(({ filename }) => /smuggled|after/.test(filename)).map(({ filename }) => filename)).toEqual([
    'after.csv',
  ]);
});

test('curl -d loses the line ends: its upload is refused before the body, with what to use instead', async () => {
  for (const type of ['application/x-www-form-urlencoded', 'Application/X-WWW-Form-URLEncoded; charset=utf-8']) {
    const head = `POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n`;
    const socket = await begin(`${head}Expect: 100-continue\r\nContent-Length: 500000\r\n\r\n`);
    const answer = await readAll(socket);
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
    expect(answer).toContain('"code": "MEDIA_TYPE_UNSUPPORTED"');
    for (const way of ['curl -T sales.csv', "--data-binary @sales.csv -H 'Content-Type: text/csv'"]) {
      expect(answer).toContain(way);
    }
  }
  expect((await gatewayClient(server.url).listJobs({})).jobs.map(({ error }) => error?.code)).not.toContain(
    'MEDIA_TYPE_UNSUPPORTED',
  );
});
