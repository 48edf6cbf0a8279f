import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';

/** The key that requests show, and the listener that hears if the server refuses it. */
export interface Credentials {
  /** The key; undefined while none is known. */
  key(): string | undefined;
  /** Says that a request was refused that had shown this key, or none. */
  refuse(shown: string | undefined): void;
}

/** The value of the header `Authorization` for a key. */
export function bearer(key: string): string {
  return `Bearer ${key}`;
}

/** Makes every RPC show the key, and reports those that are refused for want of the right one. */
export function makeKeyInterceptor(credentials: Credentials): Interceptor {
  return (next) => async (request) => {
    const key = credentials.key();
    if (key !== undefined) request.header.set('Authorization', bearer(key));
    const report = (error: unknown) => {
      if (ConnectError.from(error).code === Code.Unauthenticated) credentials.refuse(key);
    };
    try {
      const response = await next(request);
      return response.stream ? { ...response, message: watchStream(response.message, report) } : response;
    } catch (error) {
      report(error);
      throw error;
    }
  };
}

/** A stream that is refused says so in its last message. */
async function* watchStream<T>(messages: AsyncIterable<T>, report: (error: unknown) => void): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (error) {
    report(error);
    throw error;
  }
}
