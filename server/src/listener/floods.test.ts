/** Clients that send more than they want answered, at a listener that counts what it begins. */
import { once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closed } from '../../test/support/closed.ts';
import { FLAG, FRAME, frame, literalHeaders, PREFACE } from '../../test/support/http2-frames.ts';
import { createListener, type Listener } from './one-port.ts';
import { TIMEOUTS } from './timeouts.ts';

const CANCEL = Buffer.from([0, 0, 0, constants.NGHTTP2_CANCEL]);
const HEADERS = literalHeaders({ ':method': 'GET', ':path': '/slow', ':scheme': 'http', ':authority': 'x' });
const PLACES = 20;
const KEY = { 'x-api-key': 'known' };

let listener: Listener;
let url: string;
let begun: string[];

beforeEach(async () => {
  begun = [];
  const admission = {
    isLetIn: (headers: Record<string, unknown>) => headers['x-api-key'] === 'known',
    maxConnections: PLACES,
  };
  listener = createListener(
    (request, response) => {
      begun.push(request.url);
      if (request.url !== '/slow') response.end('answer');
    },
    undefined,
    { ...TIMEOUTS, unknownSessionMs: 200 },
    admission,
  );
  listener.server.listen(0, '127.0.0.1');
  await once(listener.server, 'listening');
  url = `http://127.0.0.1:${(listener.server.address() as AddressInfo).port}`;
});
afterEach(() => listener.close(0));

async function openHttp2(): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {}).resume();
  await once(socket, 'connect');
  socket.write(Buffer.concat([PREFACE, frame(FRAME.settings, 0, 0)]));
  return socket;
}

/** Requests that are taken back at once, from a stream on. */
const takenBack = (count: number) =>
  Buffer.concat(
    Array.from({ length: count }, (_, index) => {
      const stream = 2 * index + 1;
      const headers = frame(FRAME.headers, FLAG.endStream | FLAG.endHeaders, stream, HEADERS);
      return Buffer.concat([headers, frame(FRAME.resetStream, 0, stream, CANCEL)]);
    }),
  );

async function ask(headers: Record<string, string> = {}): Promise<string> {
  const session = connectHttp2(url);
  session.on('error', () => {});
  try {
    const stream = session.request({ ':path': '/quick', ...headers });
    let text = '';
    for await (const bytes of stream) text += bytes;
    return text;
  } finally {
    session.destroy();
  }
}

test('requests that are taken back in the packet that they came in are not begun', async () => {
  const flooding = await openHttp2();
  await new Promise<void>((resolve) => flooding.write(takenBack(500), () => resolve()));
  // The listener has read all of them when it answers what came behind.
  const last = frame(FRAME.headers, FLAG.endStream | FLAG.endHeaders, 1_001, HEADERS);
  flooding.write(last);
  while (!begun.includes('/slow')) await ask();
  flooding.destroy();
  expect(begun.filter((path) => path === '/slow').length).toBeLessThan(50);
});

test('a connection whose client takes back thousands is ended, and others go on', async () => {
  const flooding = await openHttp2();
  flooding.write(takenBack(5_000));
  await closed(flooding);
  expect(await ask()).toBe('answer');
});

test('connections that have shown no key make room for those that come', async () => {
  const idle = await Promise.all(Array.from({ length: 3 * PLACES }, () => openHttp2()));
  expect(await ask(KEY)).toBe('answer');
  for (const socket of idle) socket.destroy();
});

/** A connection that shows a key with each request. */
function knownSession() {
  const session = connectHttp2(url);
  const known = async () => {
    const stream = session.request({ ':path': '/quick', ...KEY });
    let text = '';
    for await (const bytes of stream) text += bytes;
    return text;
  };
  return { session, known };
}

test('a connection that rests is ended soon if it has shown no key', async () => {
  const { session, known } = knownSession();
  expect(await known()).toBe('answer');
  for (let count = 0; count < 3; count++) await closed(await openHttp2());
  expect(session.closed).toBe(false);
  expect(await known()).toBe('answer');
  session.destroy();
});

test('a connection that has shown a key keeps its place', async () => {
  const { session, known } = knownSession();
  expect(await known()).toBe('answer');
  const idle = await Promise.all(Array.from({ length: 3 * PLACES }, () => openHttp2()));
  expect(await known()).toBe('answer');
  session.destroy();
  for (const socket of idle) socket.destroy();
});
