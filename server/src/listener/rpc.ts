import type { DescFile, DescService } from '@bufbuild/protobuf';
import { Code, ConnectError, type ConnectRouter, createContextValues } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import * as reflectionV1 from '#gen/grpc/reflection/v1/reflection_pb.ts';
import * as reflectionV1alpha from '#gen/grpc/reflection/v1alpha/reflection_pb.ts';
import { Health } from '#gen/health/v1/health_pb.ts';
import { callerKey } from '../caller.ts';
import { TallyError } from '../errors.ts';
import { sendError } from '../http/plain-response.ts';
import type { Log } from '../log.ts';
import { type Gate, KEY_WANTED } from './auth.ts';
import { createHealthService } from './health.ts';
import { createErrorInterceptor } from './interceptor.ts';
import type { CountError } from './metrics.ts';
import type { RequestHandler } from './one-port.ts';
import { hostOf } from './origin.ts';
import { addReflection } from './reflection.ts';

/** The largest request, but for those that carry bytes of a file. */
const MAX_REQUEST_BYTES = 1024 * 1024;
/** The largest of those: chunks may have 32 MiB. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024 + 64 * 1024;

export interface RpcOptions {
  /** The services of this process, without health and reflection, which every process has. */
  services: readonly DescService[];
  addServices(router: ConnectRouter): void;
  isReady(): Promise<boolean>;
  gate: Gate;
  /** Ends running calls with `unavailable`. */
  shutdownSignal: AbortSignal;
  fallback: RequestHandler;
  countError: CountError;
  log: Log;
}

/** All RPCs in the protocols Connect, gRPC and gRPC-Web; what is no RPC goes to the fallback. */
export function createRpcHandler(options: RpcOptions): RequestHandler {
  const { services, gate } = options;
  const names = services.map((service) => service.typeName);
  const standard = [Health, reflectionV1.ServerReflection, reflectionV1alpha.ServerReflection];
  const files: DescFile[] = [...services, ...standard].map((service) => service.file);
  const all = [...names, ...standard.map((service) => service.typeName)];
  const adapter = connectNodeAdapter({
    routes(router) {
      options.addServices(router);
      router.service(Health, createHealthService(names, options.isReady));
      addReflection(router, all, files);
    },
    interceptors: [createErrorInterceptor(options.log, options.countError)],
    contextValues({ headers, socket }) {
      const caller = gate(headers);
      return createContextValues().set(callerKey, caller && { ...caller, address: socket.remoteAddress });
    },
    requestGate(context) {
      if (context.service.typeName !== Health.typeName && !context.values.get(callerKey)) {
        throw new ConnectError(KEY_WANTED, Code.Unauthenticated);
      }
    },
    readMaxBytes: MAX_REQUEST_BYTES,
    shutdownSignal: options.shutdownSignal,
    // A zero is worth saying to who reads JSON.
    jsonOptions: { alwaysEmitImplicit: true },
    fallback: options.fallback as never,
  }) as unknown as RequestHandler;
  return (request, response) => {
    const isCall = all.some((name) => request.url.startsWith(`/${name}/`));
    // The adapter makes a URL of it, and throws where nobody catches.
    if (isCall && !URL.canParse(`http://${hostOf(request.headers) ?? ''}`)) {
      sendError(response as never, new TallyError('REQUEST_INVALID', 'An RPC needs a host: send a valid Host header.'));
      return;
    }
    adapter(request, response);
  };
}
