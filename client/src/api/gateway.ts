import { type Client, createClient, type Transport } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
import { type Credentials, makeKeyInterceptor } from '../access/credentials.ts';

/** Calls that are made right before the page is closed, and still reach the server. */
const LAST_CALLS = [GatewayService.method.deleteJob, GatewayService.method.cancelJob].map(({ name }) => `/${name}`);

/** The RPCs of the server. */
export type Gateway = Client<typeof GatewayService>;

/** Makes the transport to the server that the page came from: the Connect protocol, in its binary form. */
export function makeTransport(credentials: Credentials): Transport {
  const interceptors = [makeKeyInterceptor(credentials)];
  return createConnectTransport({
    baseUrl: location.origin,
    useBinaryFormat: true,
    interceptors,
    fetch: (input, init) => {
      const url = String(input);
      return fetch(input, { ...init, keepalive: LAST_CALLS.some((call) => url.endsWith(call)) });
    },
  });
}

/** Makes the client of {@link GatewayService} over a transport. */
export function makeGateway(transport: Transport): Gateway {
  return createClient(GatewayService, transport);
}
