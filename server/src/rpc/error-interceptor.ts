import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { toConnectError } from '../connect-errors.ts';
import { isFault, toTallyError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { CountError } from '../metrics/registry.ts';

/** Brings the errors of handlers into the form that callers may see, and logs our faults. */
export function createErrorInterceptor(log: Log, countError: CountError): Interceptor {
  const explain = (error: unknown, method: string, signal: AbortSignal): ConnectError => {
    // The caller has gone, or the server stops: no fault of anybody's, and the reason says which.
    if (signal.aborted) return ConnectError.from(signal.reason, Code.Canceled);
    const known = toTallyError(error);
    // A ConnectError is no fault: it was made for the caller.
    if (!(error instanceof ConnectError) && isFault(known)) log.error({ err: error, method }, 'an RPC failed');
    countError(error instanceof ConnectError && isFault(known) ? 'REQUEST_INVALID' : known.code);
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
            throw explain(error, name, request.signal);
          }
        })(),
      };
    } catch (error) {
      throw explain(error, name, request.signal);
    }
  };
}
