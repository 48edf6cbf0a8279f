import { type Client, createClient, type Transport } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
import { type Credentials, makeKeyInterceptor } from '../access/credentials.ts';

const DELETE_JOB = GatewayService.method.deleteJob.name;

/** The RPCs of the server. */
export type Gateway = Client<typeof GatewayService>;

/** Makes the transport to the server that the page came from: the Connect protocol, in its binary form. */
export function makeTransport(credentials: Credentials): Transport {
  const interceptors = [makeKeyInterceptor(credentials)];
  return createConnectTransport({
    baseUrl: location.origin,
    useBinaryFormat: true,
    interceptors,
    // A deletion right before the page is closed still reaches the server.
    fetch: (input, init) => fetch(input, { ...init, keepalive: String(input).endsWith(`/${DELETE_JOB}`) }),
  });
}

/** Makes the client of {@link GatewayService} over a transport. */
export function makeGateway(transport: Transport): Gateway {
  return createClient(GatewayService, transport);
}
