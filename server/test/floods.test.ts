/** Many connections and requests that cost their sender nothing, beside a client that wants an answer. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { gatewayClient } from './support/clients.ts';
import { FRAME, frame, PREFACE } from './support/http2-frames.ts';
import { ServerProcess } from './support/server-process.ts';

const KEY = 'a-key-that-is-long-enough';

async function idleSession(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}).resume();
  await once(socket, 'connect');
  socket.write(Buffer.concat([PREFACE, frame(FRAME.settings, 0, 0)]));
  return socket;
}

test('behind 2,100 idle connections without a key, one with a key is served', async () => {
  await using server = await ServerProcess.start({ API_KEYS: KEY });
  const port = Number(new URL(server.url).port);
  const idle: Socket[] = [];
  for (let count = 0; count < 2_100; count += 100) {
    idle.push(...(await Promise.all(Array.from({ length: 100 }, () => idleSession(port)))));
  }
  try {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await gatewayClient(server.url, { 'x-api-key': KEY }).listJobs({})).jobs).toEqual([]);
  } finally {
    for (const socket of idle) socket.destroy();
  }
});
