import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { DescFile, DescMethod, DescService } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createContextValues,
  type MethodImpl,
  type ServiceImpl,
} from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import * as reflectionV1 from '#gen/grpc/reflection/v1/reflection_pb.ts';
import * as reflectionV1alpha from '#gen/grpc/reflection/v1alpha/reflection_pb.ts';
import { Health } from '#gen/health/v1/health_pb.ts';
import { callerOf, type Gate, KEY_WANTED } from '../access/api-keys.ts';
import { callerKey, connectionKey } from '../access/caller.ts';
import { hostOf } from '../access/origin.ts';
import { TallyError } from '../errors.ts';
import { sendError } from '../http/plain-response.ts';
import { closeIfUnread } from '../http/unread-body.ts';
import type { RequestHandler } from '../listener/one-port.ts';
import type { Log } from '../log.ts';
import type { CountError } from '../metrics/registry.ts';
import { createErrorInterceptor } from './error-interceptor.ts';
import { createHealthService } from './health.ts';
import { createJsonReader } from './json-reader.ts';
import { addReflection } from './reflection.ts';
import { COMPRESSIONS, guardRequests } from './request-guard.ts';
import { shareOutput } from './shared-output.ts';

/** The largest message that carries bytes of a file: chunks may have 32 MiB. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024 + 64 * 1024;
/** The values that a message may have: lists have at most 1,000, and more than these come from no honest caller. */
export const MAX_VALUES = 4_000;
/** Names of services, symbols and files. */
const STANDARD_BYTES = 16 * 1024;

/** Adds a service with the limits of each of its methods. */
export type AddService = <S extends DescService>(
  service: S,
  implementation: ServiceImpl<S>,
  maxBytes: (method: DescMethod) => number,
) => void;

export interface RpcOptions {
  /** The services of this process, without health and reflection, which every process has. */
  services: readonly DescService[];
  addServices(add: AddService): void;
  isReady(): Promise<boolean>;
  gate: Gate;
  /** Ends running calls with `unavailable`. */
  shutdownSignal: AbortSignal;
  fallback: RequestHandler;
  countError: CountError;
  log: Log;
}

/** All RPCs in the protocols Connect, gRPC and gRPC-Web; requests that are no RPC go to the fallback. */
export function createRpcHandler(options: RpcOptions): RequestHandler {
  const { services, gate } = options;
  const names = services.map((service) => service.typeName);
  const standard = [Health, reflectionV1.ServerReflection, reflectionV1alpha.ServerReflection];
  const files: DescFile[] = [...services, ...standard].map((service) => service.file);
  const all = [...names, ...standard.map((service) => service.typeName)];
  const adapter = connectNodeAdapter({
    routes(router) {
      const add = serviceAdder(router);
      options.addServices(add);
      add(Health, createHealthService(names, options.isReady), () => STANDARD_BYTES);
      addReflection((service, implementation) => add(service, implementation, () => STANDARD_BYTES), all, files);
    },
    interceptors: [createErrorInterceptor(options.log, options.countError)],
    contextValues: (request) =>
      createContextValues().set(callerKey, callerOf(gate, request)).set(connectionKey, connectionOf(request)),
    requestGate(context) {
      if (context.service.typeName !== Health.typeName && !context.values.get(callerKey)) {
        throw new ConnectError(KEY_WANTED, Code.Unauthenticated);
      }
    },
    acceptCompression: COMPRESSIONS,
    shutdownSignal: options.shutdownSignal,
    fallback: options.fallback as never,
  }) as unknown as RequestHandler;
  return (request, response) => {
    const isCall = all.some((name) => request.url.startsWith(`/${name}/`));
    // The adapter makes a URL of it, and throws where nobody catches.
    if (isCall && !URL.canParse(`http://${hostOf(request.headers) ?? ''}`)) {
      sendError(response as never, new TallyError('REQUEST_INVALID', 'An RPC needs a host: send a valid Host header.'));
      return;
    }
    // Connect reads a body before it answers over HTTP/1.1, if the connection is to be kept: nobody's is read who may not call.
    const isOpen = request.url.startsWith(`/${Health.typeName}/`);
    if (isCall && !isOpen && !callerOf(gate, request)) endConnection(response);
    adapter(request, response);
  };
}

function serviceAdder(router: ConnectRouter): AddService {
  return (service, implementation, maxBytesOf) => {
    for (const method of service.methods) {
      const limits = { maxBytes: maxBytesOf(method), maxValues: MAX_VALUES };
      // A zero is worth writing for readers of JSON.
      const jsonOptions = { alwaysEmitImplicit: true, textDecoder: createJsonReader(method.input, limits.maxValues) };
      const run = (implementation as Record<string, unknown>)[method.localName] as MethodImpl<DescMethod> | undefined;
      if (!run) continue;
      router.rpc(method, run, {
        readMaxBytes: limits.maxBytes,
        jsonOptions,
        // A field that nobody knows would become an object that nobody needs.
        binaryOptions: { readUnknownFields: false },
      });
      const last = router.handlers.length - 1;
      const handler = guardRequests(router.handlers[last] as UniversalHandler, limits);
      router.handlers[last] = method.methodKind === 'server_streaming' ? shareOutput(handler) : handler;
    }
  };
}

/** Has a connection of HTTP/1.1 end with the answer. */
function endConnection(response: ServerResponse | Http2ServerResponse): void {
  if (!('shouldKeepAlive' in response)) return;
  closeIfUnread(response);
  response.shouldKeepAlive = false;
}

/** The connection that a request came by: the session of its HTTP/2 stream, or its socket. */
function connectionOf(request: IncomingMessage | Http2ServerRequest): object | undefined {
  return 'stream' in request ? request.stream.session : request.socket;
}
