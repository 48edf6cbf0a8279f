import { Code, ConnectError, createClient, createRouterTransport, type Interceptor } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { Health, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';
import { connectionKey } from '../access/caller.ts';
import { createLog } from '../log.ts';
import { createErrorInterceptor } from './error-interceptor.ts';
import { createHealthService } from './health.ts';

/** A client over one connection each, and how often the server was asked whether it is ready. */
function served() {
  let questions = 0;
  const service = createHealthService(['a.Service'], async () => {
    questions++;
    return true;
  });
  const clientOf = (connection: object) => {
    const known: Interceptor = (next) => (request) => {
      request.contextValues.set(connectionKey, connection);
      return next(request);
    };
    const explain = createErrorInterceptor(createLog('silent', 'test'), () => {});
    const interceptors = [known, explain];
    return createClient(
      Health,
      createRouterTransport((router) => router.service(Health, service), { router: { interceptors } }),
    );
  };
  return { clientOf, questions: () => questions };
}

test('however many watch, the server is asked once', async () => {
  const { clientOf, questions } = served();
  const stop = new AbortController();
  const connections = Array.from({ length: 10 }, () => clientOf({}));
  const watches = connections.flatMap((client) =>
    Array.from({ length: 20 }, () => client.watch({}, { signal: stop.signal })[Symbol.asyncIterator]()),
  );
  const first = await Promise.all(watches.map((watch) => watch.next()));
  expect(first.every(({ value }) => value.status === Status.SERVING)).toBe(true);
  expect(questions()).toBeLessThan(5);
  stop.abort();
});

test('one connection has so many calls of Watch at most, and those that ended do not count', async () => {
  const { clientOf } = served();
  const client = clientOf({});
  const stop = new AbortController();
  const watch = () => client.watch({}, { signal: stop.signal })[Symbol.asyncIterator]();
  const open = Array.from({ length: 20 }, watch);
  await Promise.all(open.map((each) => each.next()));
  const refused = await watch()
    .next()
    .catch((error) => ConnectError.from(error));
  expect(refused).toMatchObject({ code: Code.ResourceExhausted });
  const other = clientOf({}).watch({}, { signal: stop.signal })[Symbol.asyncIterator]();
  expect((await other.next()).value.status).toBe(Status.SERVING);
  stop.abort();
  await Promise.all(open.map((each) => each.next().catch(() => {})));
  // The server hears of their end in its own time.
  const isServed = () =>
    client
      .watch({})
      [Symbol.asyncIterator]()
      .next()
      .then(
        () => true,
        () => false,
      );
  while (!(await isServed())) await new Promise((resolve) => setImmediate(resolve));
});
