/**
 * The servers that ProcessCsv is compared with, each in a process of its own: `node bench/peers/stream-peers.ts stock|bare`.
 * Both discard what they get.
 */
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';

/** Windows so large that no sender ever waits for them. */
const WINDOW_BYTES = 16 * 1024 * 1024;

function stockServer(): http2.Http2Server {
  return http2.createServer(
    connectNodeAdapter({
      routes: (router) =>
        router.service(ProcessorService, {
          async *processCsv(requests) {
            for await (const _ of requests);
            yield { message: { case: 'summary', value: {} } };
          },
        }),
    }),
  );
}

function bareServer(): http2.Http2Server {
  const server = http2.createServer({ settings: { initialWindowSize: WINDOW_BYTES }, maxSessionMemory: 256 });
  server.on('session', (session) => session.setLocalWindowSize(WINDOW_BYTES));
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200 });
    stream.on('data', () => {});
    stream.on('end', () => stream.end());
  });
  return server;
}

const server = process.argv[2] === 'stock' ? stockServer() : bareServer();
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('disconnect', () => process.exit(0));
