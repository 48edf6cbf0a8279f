import { setTimeout as wait } from 'node:timers/promises';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import { type Health, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';
import { quoted } from '../quoted.ts';

/** Between two looks at the readiness for somebody who watches it. */
const WATCH_INTERVAL_MS = 500;

/**
 * grpc.health.v1: the whole server is the empty name, the services are those of `serviceNames`; all share one state.
 *
 * @param isReady whether work can be taken now
 */
export function createHealthService(
  serviceNames: readonly string[],
  isReady: () => Promise<boolean>,
): ServiceImpl<typeof Health> {
  const knows = (service: string) => service === '' || serviceNames.includes(service);
  const status = async () => ((await isReady()) ? Status.SERVING : Status.NOT_SERVING);
  return {
    async check({ service }) {
      if (!knows(service)) throw new ConnectError(`there is no service ${quoted(service)} here`, Code.NotFound);
      return { status: await status() };
    },
    async list() {
      const current = await status();
      return { statuses: Object.fromEntries(['', ...serviceNames].map((name) => [name, { status: current }])) };
    },
    async *watch({ service }, { signal }) {
      let last: Status | undefined;
      while (!signal.aborted) {
        const current = knows(service) ? await status() : Status.SERVICE_UNKNOWN;
        if (current !== last) yield { status: current };
        last = current;
        await wait(WATCH_INTERVAL_MS, undefined, { signal }).catch(() => {});
      }
    },
  };
}
