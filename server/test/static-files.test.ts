/** The page's files, with clients that do not wait for them or ask for strange parts. */
import { once } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServerProcess } from './support/server-process.ts';

const CLIENTS = 100;
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server[Symbol.asyncDispose]());

/** The largest file of the page: more than a connection holds. */
async function scriptPath(): Promise<string> {
  const page = await (await fetch(server.url)).text();
  return /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
}

/** The files of the page that the server has open. */
async function openFiles(): Promise<string[]> {
  const folder = `/proc/${server.pid}/fd`;
  const links = (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => ''));
  return (await Promise.all(links)).filter((path) => path.includes('/client/dist/'));
}

test.skipIf(process.platform !== 'linux')('a client that goes away leaves no file open', async () => {
  const path = await scriptPath();
  const session = connectHttp2(server.url);
  for (let count = 0; count < CLIENTS; count++) {
    const stream = session.request({ ':path': path });
    stream.on('error', () => {});
    // Half of them take back what has not been answered yet.
    if (count % 2) await once(stream, 'response');
    stream.destroy();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await once(socket, 'data');
    socket.resetAndDestroy();
  }
  session.destroy();
  // The server notices a little later that they have gone.
  while ((await openFiles()).length > 0) await fetch(`${server.url}/healthz`);
});

test.each(['bytes=5-2', 'bytes=-5', 'bytes=99999999-', 'bytes=0-1,4-5', 'bytes=x'])(
  '"Range: %s" of a file is answered with all of it',
  async (range) => {
    const path = await scriptPath();
    const whole = await (await fetch(`${server.url}${path}`)).text();
    const answer = await fetch(`${server.url}${path}`, { headers: { range } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(whole);
  },
);
