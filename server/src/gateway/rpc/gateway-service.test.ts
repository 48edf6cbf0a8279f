import { once } from 'node:events';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { createClient, createRouterTransport, type Interceptor } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { GatewayService, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { callerKey } from '../../access/caller.ts';
import { createGatewayService, type GatewayDependencies } from './gateway-service.ts';

test('the store hears that who asked for totals has gone', async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  const service = createGatewayService({
    jobsOf: () => ({
      reader: (signal: AbortSignal) => ({ lane: 'a caller', signal }),
      get: async () => ({ resultId: 1, job: { state: JobState.SUCCEEDED, finishTime: timestampNow() } }),
    }),
    store: {
      listTotals: (_: number, __: unknown, { signal }: { signal: AbortSignal }) => {
        asked.resolve(signal);
        return once(signal, 'abort');
      },
    },
  } as unknown as GatewayDependencies);
  const known: Interceptor = (next) => (request) => {
    request.contextValues.set(callerKey, { owner: undefined });
    return next(request);
  };
  const transport = createRouterTransport((router) => router.service(GatewayService, service), {
    router: { interceptors: [known] },
  });
  const leaving = new AbortController();
  const call = createClient(GatewayService, transport).listTotals({ jobId: 'job' }, { signal: leaving.signal });
  const signal = await asked.promise;
  leaving.abort();
  await expect(call).rejects.toThrow();
  expect(signal.aborted).toBe(true);
});
