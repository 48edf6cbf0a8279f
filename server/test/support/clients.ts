import { type Client, createClient, type Interceptor, type Transport } from '@connectrpc/connect';
import type { Compression } from '@connectrpc/connect/protocol';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { GatewayService, type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';

/** The transports of connect-node that can carry every RPC, by name. */
export function transports(url: string, more: { sendCompression?: Compression } = {}): Record<string, Transport> {
  const options = { baseUrl: url, httpVersion: '2', ...more } as const;
  return {
    'Connect with binary messages': createConnectTransport({ ...options, useBinaryFormat: true }),
    'Connect with JSON': createConnectTransport({ ...options, useBinaryFormat: false }),
    gRPC: createGrpcTransport({ baseUrl: url, ...more }),
    'gRPC-Web': createGrpcWebTransport({ ...options }),
  };
}

/** @param headers what every call shows, such as a key */
export function gatewayClient(url: string, headers: Record<string, string> = {}): Client<typeof GatewayService> {
  const show: Interceptor = (next) => (request) => {
    for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
    return next(request);
  };
  const transport = createConnectTransport({ baseUrl: url, httpVersion: '1.1', interceptors: [show] });
  return createClient(GatewayService, transport);
}

const ENDED: readonly JobState[] = [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED];

/** Watches a job until it has ended, or until `isEnough`; returns every state in which it was seen. */
export async function watchJob(
  url: string,
  id: string,
  isEnough: (job: Job) => boolean = (job) => ENDED.includes(job.state),
): Promise<Job[]> {
  const seen: Job[] = [];
  const done = new AbortController();
  for await (const { event } of gatewayClient(url).watchJobs({ ids: [id] }, { signal: done.signal })) {
    const jobs = event.case === 'snapshot' ? event.value.jobs : event.case === 'job' ? [event.value] : [];
    seen.push(...jobs);
    if (jobs.some(isEnough)) break;
  }
  done.abort();
  return seen;
}

/** Watches until there is a job of this name that is as wanted, and returns its id. */
export async function jobNamed(url: string, filename: string, isWanted: (job: Job) => boolean): Promise<string> {
  const done = new AbortController();
  try {
    for await (const { event } of gatewayClient(url).watchJobs({}, { signal: done.signal })) {
      const jobs = event.case === 'snapshot' ? event.value.jobs : event.case === 'job' ? [event.value] : [];
      const found = jobs.find((job) => job.filename === filename && isWanted(job));
      if (found) return found.id;
    }
    throw new Error('the stream of jobs ended');
  } finally {
    // Leaving the loop does not end the call.
    done.abort();
  }
}

/** The job once it has ended. */
export async function endedJob(url: string, id: string): Promise<Job> {
  const last = (await watchJob(url, id)).at(-1);
  if (!last) throw new Error(`nothing was heard of job ${id}`);
  return last;
}

type Body = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Uploads in one request and returns the answer with the id of the job. */
export async function upload(
  url: string,
  body: Body,
  query = '',
  init: RequestInit = {},
): Promise<{ response: Response; id: string; json: Record<string, unknown> }> {
  const response = await fetch(`${url}/upload${query}`, {
    method: 'POST',
    body: body as string,
    duplex: 'half',
    ...init,
  } as RequestInit);
  const json = (await response.json()) as Record<string, unknown>;
  return { response, id: String(json.id), json };
}

/** Uploads, waits for the end, and returns the totals as the server's CSV has them. */
export async function totalsOf(url: string, body: Body, query = ''): Promise<string> {
  const { id } = await upload(url, body, query);
  const job = await endedJob(url, id);
  if (job.state !== JobState.SUCCEEDED) throw new Error(`the job ended with ${job.error?.message}`);
  return await (await fetch(`${url}/jobs/${id}/totals.csv`)).text();
}
