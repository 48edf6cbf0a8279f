/** Clients that take their time, at a listener that gives them little. */
import { once } from 'node:events';
import { request as http1Request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closed } from '../../test/support/closed.ts';
import { createListener, type Listener, type RequestHandler } from './one-port.ts';

/** Long enough that a machine under load does in time what a client here means to do. */
const TIMEOUTS = { openingMs: 500, headerCheckMs: 20, stallMs: 500, idleSessionMs: 500, unknownSessionMs: 500 };
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

let listener: Listener;
let port: number;
let handler: RequestHandler;

beforeEach(async () => {
  listener = createListener((request, response) => handler(request, response), undefined, TIMEOUTS);
  listener.server.listen(0, '127.0.0.1');
  await once(listener.server, 'listening');
  port = (listener.server.address() as AddressInfo).port;
});
afterEach(() => listener.close(0));

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** All that comes until the server ends the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (bytes) => (text += bytes.toString('latin1')));
  await closed(socket);
  return text;
}

/** Lets more than every timeout pass: connections that were opened one after the other have been cut. */
async function longerThanTimeouts(): Promise<void> {
  for (let round = 0; round < 3; round++) await untilClosed(await open());
}

test.each([
  ['sends nothing', ''],
  ['sends a part of a header', 'GET / HTTP/1.1\r\nHost: loc'],
  ['sends what may become the preface of HTTP/2', 'PR'],
  ['sends a part of the preface', 'PRI * HT'],
  ['sends the preface without SETTINGS', PREFACE],
  ['sends the preface and a part of SETTINGS', `${PREFACE}\0\0\0\x04`],
])('a client that %s is cut off', async (_, bytes) => {
  const socket = await open();
  socket.write(bytes);
  await untilClosed(socket);
});

test('a client that sends its header byte by byte is told so and cut off', async () => {
  const socket = await open();
  socket.write('GET / HTTP/1.1\r\nX-Slow: ');
  // Written after what has come was read: a write to a closed connection would throw the answer away.
  let isTold = false;
  const drip = setInterval(() => setImmediate(() => isTold || socket.write('a')), 5);
  socket.once('data', () => (isTold = true));
  expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 408 /);
  clearInterval(drip);
});

test('an HTTP/2 connection on which nothing runs is closed, with a goodbye', async () => {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const [code] = await once(session, 'goaway');
  expect(code).toBe(0);
  if (!session.destroyed) await closed(session);
  // By hand too: an empty SETTINGS is all that is sent.
  const socket = await open();
  socket.write(PREFACE);
  socket.write(EMPTY_SETTINGS);
  await untilClosed(socket);
});

test.each(['application/connect+proto', 'application/json'])('an answer that rests lives on: %s', async (type) => {
  handler = (_request, response) => response.writeHead(200).write('a');
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':method': 'POST', ':path': '/', 'content-type': type });
  stream.end();
  await once(stream, 'data');
  const http1 = http1Request({ port, method: 'POST', headers: { 'content-type': type } }).end();
  const [answer] = await once(http1, 'response');
  await once(answer, 'data');
  await longerThanTimeouts();
  expect([stream.closed, session.closed, answer.destroyed]).toEqual([false, false, false]);
  session.destroy();
  answer.destroy();
});

test('a call in both directions may rest', async () => {
  handler = (request, response) => {
    response.writeHead(200).write('a');
    request.on('data', (bytes) => response.end(bytes));
  };
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':method': 'POST', ':path': '/', 'content-type': 'application/grpc' });
  stream.write('');
  await once(stream, 'data');
  await longerThanTimeouts();
  stream.write('b');
  expect(String((await once(stream, 'data'))[0])).toBe('b');
  session.destroy();
});

/** Sends the head and a part of a body that never goes on. */
const SENDERS: Record<string, () => Promise<{ finish(): void; status: Promise<number> }>> = {
  async 'HTTP/1.1'() {
    const request = http1Request({ port, method: 'PUT' });
    request.on('error', () => {});
    request.write('half');
    const status = once(request, 'response').then(([answer]) => answer.statusCode);
    return { finish: () => request.end('whole'), status };
  },
  async 'HTTP/2'() {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', () => {});
    const stream = session.request({ ':method': 'PUT', ':path': '/' });
    stream.on('error', () => {});
    stream.write('half');
    const status = once(stream, 'response').then(([headers]) => headers[':status']);
    return { finish: () => stream.end('whole'), status };
  },
};

test.each(Object.keys(SENDERS))('%s: a body that stands still is cut off, however it is read', async (version) => {
  const readers: ((request: Parameters<RequestHandler>[0]) => void)[] = [
    (request) => request.resume(),
    (request) => void Array.fromAsync(request).catch(() => {}),
  ];
  for (const read of readers) {
    const cut = Promise.withResolvers<void>();
    handler = (request, response) => {
      request.on('error', () => {});
      read(request);
      response.on('close', () => cut.resolve());
    };
    const { status } = (await SENDERS[version]?.()) ?? {};
    status?.catch(() => {});
    await cut.promise;
  }
});

test.each(Object.keys(SENDERS))(
  '%s: time in which the server does not want the body does not count',
  async (version) => {
    const paused = Promise.withResolvers<() => void>();
    handler = (request, response) => {
      request.once('data', () => {
        request.pause();
        paused.resolve(() => request.resume());
      });
      request.on('end', () => response.end());
    };
    const { finish, status } = (await SENDERS[version]?.()) ?? {};
    const resume = await paused.promise;
    await longerThanTimeouts();
    resume();
    finish?.();
    expect(await status).toBe(200);
  },
);

test.each(['HTTP/1.1', 'HTTP/2'])('%s: an answer that nobody takes is cut off', async (version) => {
  const cut = Promise.withResolvers<void>();
  handler = (_request, response) => {
    response.on('close', () => cut.resolve());
    response.end(Buffer.alloc(64 * 1024 * 1024));
  };
  if (version === 'HTTP/2') {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', () => {});
    session.request({ ':path': '/' }).on('error', () => {});
    await cut.promise;
    session.destroy();
  } else {
    const socket = await open();
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await cut.promise;
    socket.destroy();
  }
});

test.each([0, 8])('an HTTP/2 stream that is reset with code %i while it has much to send is closed', async (code) => {
  const reset = Promise.withResolvers<void>();
  handler = (_request, response) => {
    response.on('close', () => reset.resolve());
    response.write(Buffer.alloc(1024 * 1024));
    response.write(Buffer.alloc(1024 * 1024));
  };
  // So that it is not the time that ends it.
  await listener.close(0);
  listener = createListener((request, response) => handler(request, response));
  listener.server.listen(0, '127.0.0.1');
  await once(listener.server, 'listening');
  port = (listener.server.address() as AddressInfo).port;
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':path': '/' });
  await once(stream, 'response');
  stream.close(code);
  await reset.promise;
  session.destroy();
});
