import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  createServer as createHttp2Server,
  type Http2Server,
} from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closed } from '../../test/support/closed.ts';
import { closeIfUnread } from './unread-body.ts';

let server: Server;

beforeEach(async () => {
  server = createServer((_request, response) => {
    closeIfUnread(response);
    response.writeHead(507).end('no room');
  });
  server.listen(0);
  await once(server, 'listening');
});
afterEach(() => server.close());

test('a client that still sends when it is refused is not reset: it reads the answer in its own time', async () => {
  const socket = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  socket.pause();
  socket.write('PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000000\r\n\r\n');
  const [connection] = (await once(server, 'connection')) as [NodeJS.ReadableStream];
  // More than the buffers of both ends hold is taken and dropped.
  for (let count = 0; count < 200; count++) {
    if (!socket.write(Buffer.alloc(100_000))) await once(socket, 'drain');
  }
  let answer = '';
  socket.on('data', (bytes) => (answer += bytes)).resume();
  await once(socket, 'end');
  expect(answer).toMatch(/^HTTP\/1\.1 507 [\s\S]*connection: close[\s\S]*no room/i);
  const closed = new Promise((resolve) => connection.on('close', resolve));
  socket.end();
  await closed;
});

test('a client that does not stop sending is cut off after a while', async () => {
  const socket = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  socket.resume();
  socket.write('PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000000000\r\n\r\n');
  const cutOff = new Promise<NodeJS.ErrnoException>((resolve) => socket.on('error', resolve));
  const timer = setInterval(() => socket.write('more'), 10);
  expect(['EPIPE', 'ECONNRESET']).toContain((await cutOff).code);
  clearInterval(timer);
});

describe('in HTTP/2', () => {
  let http2: Http2Server;
  let session: ClientHttp2Session;

  beforeEach(async () => {
    http2 = createHttp2Server((_request, response) => {
      closeIfUnread(response as unknown as ServerResponse);
      response.writeHead(507).end('no room');
    });
    http2.listen(0);
    await once(http2, 'listening');
    session = connectHttp2(`http://127.0.0.1:${(http2.address() as AddressInfo).port}`);
  });
  afterEach(() => {
    session.destroy();
    http2.close();
  });

  test('a client that is refused reads the answer, with a body on its way and without one', async () => {
    for (let count = 0; count < 100; count++) {
      for (const method of ['GET', 'POST']) {
        const call = session.request({ ':method': method }, { endStream: method === 'GET' });
        if (method === 'POST') call.write('what nobody reads');
        expect(await text(call)).toBe('no room');
        call.destroy();
      }
    }
  });

  test('a client that does not stop sending is stopped after a while, and its connection stays', async () => {
    const call = session.request({ ':method': 'POST' }, { endStream: false });
    call.resume();
    const timer = setInterval(() => call.write('more'), 10);
    await closed(call);
    clearInterval(timer);
    expect([session.closed, session.destroyed]).toEqual([false, false]);
  });
});
