/** Fifty streams of WatchJobs that somebody reads: `node bench/peers/watchers.ts URL`, a process of its own. */
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';

const WATCHERS = 50;

const url = process.argv[2] ?? '';
const client = createClient(GatewayService, createGrpcTransport({ baseUrl: url }));

async function watch(onFirst: () => void): Promise<void> {
  for await (const _ of client.watchJobs({})) onFirst();
}

await Promise.all(Array.from({ length: WATCHERS }, () => new Promise<void>((resolve) => void watch(resolve))));
process.stdout.write(`watching ${url}\n`);
process.on('disconnect', () => process.exit(0));
