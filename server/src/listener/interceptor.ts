import { ConnectError, type Interceptor } from '@connectrpc/connect';
import { toConnectError, toTallyError } from '../errors.ts';
import type { Log } from '../log.ts';

/** Brings whatever a handler throws into the form that callers may see, and logs what is a fault of ours. */
export function createErrorInterceptor(log: Log): Interceptor {
  const explain = (error: unknown, method: string): ConnectError => {
    if (!(error instanceof ConnectError) && toTallyError(error).code === 'INTERNAL') {
      log.error({ err: error, method }, 'an RPC failed');
    }
    return toConnectError(error);
  };
  return (next) => async (request) => {
    const { name } = request.method;
    try {
      const response = await next(request);
      if (!response.stream) return response;
      const { message } = response;
      return {
        ...response,
        message: (async function* () {
          try {
            yield* message;
          } catch (error) {
            throw explain(error, name);
          }
        })(),
      };
    } catch (error) {
      throw explain(error, name);
    }
  };
}
