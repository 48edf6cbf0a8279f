/**
 * The server that uploads are compared with, in a process of its own: it writes what it gets into a file, and nothing
 * else; what is sent to `/synced` is on the disk when it answers. `node bench/peers/upload-peers.ts FILE`.
 */
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

const server = createServer(async (request, response) => {
  await pipeline(request, createWriteStream(process.argv[2] ?? '', { flush: request.url === '/synced' }));
  response.end();
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('disconnect', () => process.exit(0));
