import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { type Health, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';
import { ProcessStream } from './process-stream.ts';
import type { ProcessorConnection } from './processor-connection.ts';

/** A processor that has not answered by then takes no work. Probes of load balancers wait for 1 to 5 s. */
const PROBE_MS = 2_000;

/**
 * Asks a processor whether it takes work: with a call of ProcessCsv, as every job makes one, which needs its key and is
 * given up after the first word; and by its health, which tells of what only it knows.
 *
 * @throws an Error whose message says why it takes none, and tells nothing of where it is
 */
export async function probe(connection: ProcessorConnection, health: Client<typeof Health>): Promise<void> {
  const signal = AbortSignal.timeout(PROBE_MS);
  try {
    await Promise.race([aborted(signal), Promise.all([beginCall(connection, signal), checkHealth(health, signal)])]);
  } catch (cause) {
    throw new Error(signal.aborted ? `it did not answer within ${PROBE_MS / 1000} s` : explain(cause), { cause });
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

async function beginCall(connection: ProcessorConnection, signal: AbortSignal): Promise<void> {
  const stream = await ProcessStream.open(connection, signal);
  try {
    const first = await stream.responses[Symbol.asyncIterator]().next();
    if (first.done) throw new ConnectError('the call ended without a word', Code.Internal);
  } finally {
    stream.cancel();
  }
}

async function checkHealth(health: Client<typeof Health>, signal: AbortSignal): Promise<void> {
  const { status } = await health.check({}, { signal });
  if (status !== Status.SERVING) throw new ConnectError('not serving', Code.FailedPrecondition);
}

function explain(error: unknown): string {
  const { code } = ConnectError.from(error);
  switch (code) {
    case Code.Unauthenticated:
    case Code.PermissionDenied:
      return "it rejects this gateway's key";
    case Code.Unavailable:
      return 'it cannot be reached';
    case Code.FailedPrecondition:
      return 'it reports that it accepts no work';
    default:
      return `it answers with the error ${Code[code]}`;
  }
}
