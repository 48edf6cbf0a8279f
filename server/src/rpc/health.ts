import { setTimeout as wait } from 'node:timers/promises';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import { type Health, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';
import { connectionKey } from '../access/caller.ts';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';

/** The time between two looks at the readiness for a watcher. */
const WATCH_INTERVAL_MS = 500;
/** Calls of Watch at a time: nobody needs a key for them. */
const MAX_WATCHES = 1_000;
const MAX_WATCHES_PER_CONNECTION = 20;

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
  // However many watch, one question is asked in that time.
  let latest: { status: Promise<Status>; askedAt: number } | undefined;
  const recentStatus = () => {
    const now = performance.now();
    if (!latest || now - latest.askedAt >= WATCH_INTERVAL_MS) latest = { status: status(), askedAt: now };
    return latest.status;
  };
  const watches = new Set<Watch>();
  return {
    async check({ service }) {
      if (!knows(service)) throw new ConnectError(`there is no service ${quoted(service)} here`, Code.NotFound);
      return { status: await status() };
    },
    async list() {
      const current = await status();
      return { statuses: Object.fromEntries(['', ...serviceNames].map((name) => [name, { status: current }])) };
    },
    async *watch({ service }, { signal, values }) {
      const watch = { connection: values.get(connectionKey) };
      checkRoom(watches, watch);
      watches.add(watch);
      // A client that reads nothing leaves this function where it stands.
      signal.addEventListener('abort', () => watches.delete(watch), { once: true });
      try {
        let last: Status | undefined;
        while (!signal.aborted) {
          const current = knows(service) ? await recentStatus() : Status.SERVICE_UNKNOWN;
          if (current !== last) yield { status: current };
          last = current;
          await wait(WATCH_INTERVAL_MS, undefined, { signal }).catch(() => {});
        }
      } finally {
        watches.delete(watch);
      }
    },
  };
}

/** A call of Watch. */
interface Watch {
  connection: object | undefined;
}

/** @throws {@link TallyError} TOO_MANY_REQUESTS */
function checkRoom(watches: ReadonlySet<Watch>, { connection }: Watch): void {
  const own = [...watches].filter((watch) => connection && watch.connection === connection).length;
  if (own < MAX_WATCHES_PER_CONNECTION && watches.size < MAX_WATCHES) return;
  throw new TallyError(
    'TOO_MANY_REQUESTS',
    'Too many Watch calls are open: use Check, or one Watch call for everything.',
  );
}
