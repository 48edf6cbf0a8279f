import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProcessStream } from './process-stream.ts';
import { ProcessorConnection } from './processor-connection.ts';

let server: Server;
const sockets: Socket[] = [];
let connection: ProcessorConnection;

/** HTTP/2's SETTINGS and WINDOW_UPDATE: all that anybody wants to send is welcome. */
const WELCOME = Buffer.from('000006040000000000' + '00047fffffff' + '000004080000000000' + '7fff0000', 'hex');

/** A processor that takes a connection and reads nothing of it, as one that was stopped does. */
beforeEach(async () => {
  server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.push(socket);
    socket.write(WELCOME);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  connection = new ProcessorConnection(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(async () => {
  connection.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

// Less than it takes to give up the connection.
const options = { timeout: 10_000 };

test.each([
  ['by its signal', (abort: AbortController) => abort.abort(new Error('enough'))],
  ['by its method', (_: AbortController, stream: ProcessStream) => stream.cancel()],
])('a call is given up at once %s, whether or not the processor reads', options, async (_, giveUp) => {
  const abort = new AbortController();
  const stream = await ProcessStream.open(connection, abort.signal);
  const sending = Array.from({ length: 8 }, () => stream.sendChunk(new Uint8Array(4 * 1024 * 1024)));
  // Until the socket takes no more.
  await wait(200);
  const responses = Array.fromAsync(stream.responses).catch((error: Error) => error.message);
  giveUp(abort, stream);
  await Promise.all(sending);
  expect(await responses).toMatch(/broke off/);
  expect(stream.isClosed).toBe(true);
});
