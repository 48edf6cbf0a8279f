import { mkdir } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { join } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { callerOf, createGate, type Gate } from '../access/api-keys.ts';
import { type Caller, sharerOf } from '../access/caller.ts';
import { orTicket, Tickets } from '../access/download-ticket.ts';
import { toTallyError } from '../errors.ts';
import { Suspects } from '../gateway/analysis/suspects.ts';
import { ownCheckpointKey } from '../gateway/checkpoint-key.ts';
import { handleDownload, isDownload } from '../gateway/download/download.ts';
import { runJanitor } from '../gateway/jobs/janitor.ts';
import { JobHub } from '../gateway/jobs/job-hub.ts';
import { JobMetrics } from '../gateway/jobs/job-metrics.ts';
import { Jobs, UPLOADS_PATH } from '../gateway/jobs/jobs.ts';
import { checkDisk } from '../gateway/jobs/new-upload.ts';
import { type JobsOf, OwnJobs } from '../gateway/jobs/own-jobs.ts';
import { JobWatches } from '../gateway/jobs/watch-jobs.ts';
import { createGatewayService } from '../gateway/rpc/gateway-service.ts';
import { outsideCalls } from '../gateway/rpc/outside-calls.ts';
import { maxRequestBytes, withTextLimits } from '../gateway/rpc/request-limits.ts';
import { DiskSpool } from '../gateway/spool/spool.ts';
import { keepDamagedLog } from '../gateway/store/damaged-log.ts';
import { openSqliteJobStore } from '../gateway/store/sqlite-job-store.ts';
import { handleUpload } from '../gateway/upload/one-shot-upload.ts';
import { createTusHandler } from '../gateway/upload/tus.ts';
import { createHttpHandler, type HttpRoute, READING } from '../http/routes.ts';
import { sessionRoute } from '../http/session-route.ts';
import { createStaticHandler } from '../http/static-files.ts';
import { statusRoutes } from '../http/status-routes.ts';
import { createListener, type RequestHandler } from '../listener/one-port.ts';
import type { Timeouts } from '../listener/timeouts.ts';
import type { Log } from '../log.ts';
import { addGauge, createErrorCounter, createRegistry, metricsText } from '../metrics/registry.ts';
import { makePrivate } from '../private-files.ts';
import { ProcessorChild } from '../processor-client/processor-child.ts';
import { Processors } from '../processor-client/processors.ts';
import { FairQueue } from '../queue/fair-queue.ts';
import { PacedStarts } from '../queue/paced-starts.ts';
import { notReady, STOPPING, sharedReadiness } from '../readiness.ts';
import { createRpcHandler, MAX_MESSAGE_BYTES } from '../rpc/rpc.ts';
import { type App, GRACE_MS, readTls } from './app.ts';
import type { Config } from './config.ts';

/** Calls that a gateway has open to a kernel thread of its own, or to a processor elsewhere. */
const STREAMS_PER_PLACE = 32;

/** Calls of ProcessCsv that are handed on share so many places beside those: eight for each thread. */
const OUTSIDE_SHARE = 0.25;

/** A call of ProcessCsv takes some 2 ms of the gateway's thread, an upload 1 ms, however small they are. */
const CALL_PACE = { free: 20, pauseMs: 50 };
const UPLOAD_PACE = { free: 50, pauseMs: 10 };

const PROCESSOR_PATH = `/${ProcessorService.typeName}/`;

/** The wiring of a gateway, with a processor of its own if none is configured. */
export async function buildGateway(config: Config, log: Log, timeouts: Timeouts): Promise<App> {
  const spoolDirectory = join(config.dataDir, 'spool');
  await makePrivate(config.dataDir, log);
  await mkdir(spoolDirectory, { recursive: true });
  const database = join(config.dataDir, 'tallystream.db');
  await keepDamagedLog(database, log);
  const store = await openSqliteJobStore(database);
  const child =
    config.processorUrls.length === 0 ? new ProcessorChild(config.dataDir, childSettings(config), log) : undefined;
  const processors = new Processors(child ? [child.url] : config.processorUrls);
  const registry = createRegistry();
  const countError = createErrorCounter(registry);
  const metrics = new JobMetrics(registry);
  const hub = new JobHub();
  const watches = new JobWatches(hub);
  const spool = new DiskSpool(spoolDirectory, (id, length) => jobs.onAppend(id, length));
  const places = STREAMS_PER_PLACE * (child ? config.workers : config.processorUrls.length);
  const streams = new FairQueue(places);
  const suspects = new Suspects();
  const jobs: Jobs = new Jobs({ ...config, store, spool, processors, streams, suspects, metrics, hub, log });
  const jobsOf: JobsOf = (caller) => new OwnJobs(jobs, hub, caller);
  const limits = { ...config, spoolDirectory };
  const shutdown = new AbortController();
  const gate = createGate(config.apiKeys);
  const tickets = new Tickets();
  const readiness = sharedReadiness(async () => {
    if (shutdown.signal.aborted) return STOPPING;
    const full = await checkDisk(limits, 0).catch((error) => toTallyError(error));
    if (full) return notReady(`the disk is full, or broken. ${full.message}`);
    if (jobs.unstoredCount > 0) return notReady('the disk is full, or broken. Changes of jobs cannot be stored.');
    return await processors.readiness();
  }, log);
  const isReady = async () => (await readiness()).isReady;
  const tus = createTusHandler(jobsOf, limits, log);
  const uploadStarts = new PacedStarts(UPLOAD_PACE);
  const rpc = createRpcHandler({
    services: [GatewayService, ProcessorService],
    addServices(add) {
      add(GatewayService, withTextLimits(createGatewayService({ jobsOf, store, limits, watches })), maxRequestBytes);
      const processCsv = outsideCalls(processors, places * OUTSIDE_SHARE);
      add(ProcessorService, { processCsv }, () => MAX_MESSAGE_BYTES);
    },
    isReady,
    gate,
    shutdownSignal: shutdown.signal,
    fallback: createStaticHandler(),
    countError,
    log,
  });
  addGauge(registry, { name: 'running_jobs', help: 'Jobs that have not ended, by state', label: 'state' }, () =>
    jobs.countByState(),
  );
  addGauge(
    registry,
    { name: 'waiting_jobs', help: 'Jobs that wait for a stream to a processor' },
    () => streams.waitingCount,
  );
  addGauge(registry, { name: 'watchers', help: 'Open calls of WatchJobs' }, () => hub.watchers);
  const serializations = { name: 'watch_messages_made', help: 'Messages of WatchJobs that were serialised' };
  addGauge(registry, serializations, () => watches.serializations);
  const routes: HttpRoute[] = [
    ...statusRoutes(readiness, metricsText(registry)),
    sessionRoute(tickets, config.tls !== undefined),
    {
      matches: (path) => path === '/upload' || path.startsWith('/upload/'),
      methods: ['POST', 'PUT'],
      async handle(request, response, url, caller) {
        await startOf(request, uploadStarts, caller);
        await handleUpload(request, response, url, jobsOf(caller), limits);
      },
    },
    {
      matches: (path) => path === UPLOADS_PATH || path.startsWith(`${UPLOADS_PATH}/`),
      async handle(request, response, _url, caller) {
        if (request.method === 'POST') await startOf(request, uploadStarts, caller);
        await tus(request, response, caller);
      },
    },
    {
      matches: isDownload,
      methods: READING,
      gate: orTicket(gate, tickets),
      handle: (request, response, url, caller) => handleDownload(request, response, url, jobsOf(caller), store),
    },
  ];
  const listener = createListener(
    createHttpHandler(routes, withPacedCalls(rpc, gate), { ...config, gate, countError, log }),
    readTls(config),
    timeouts,
    { isLetIn: (headers) => orTicket(gate, tickets)(headers) !== undefined },
  );
  await child?.start();
  await jobs.recover();
  void runJanitor({ jobs, spool, retentionDays: config.retentionDays, log }, shutdown.signal);
  return {
    listener,
    async close() {
      shutdown.abort(new ConnectError('the server is stopping: try again', Code.Unavailable));
      await Promise.all([jobs.close(), listener.close(GRACE_MS)]);
      processors.close();
      await child?.stop();
      await store.close();
    },
  };
}

/** Serves calls of ProcessCsv in their turns, and all others at once. */
function withPacedCalls(rpc: RequestHandler, gate: Gate): RequestHandler {
  const starts = new PacedStarts(CALL_PACE);
  return (request, response) => {
    const begin = () => rpc(request, response);
    if (!request.url.startsWith(PROCESSOR_PATH)) begin();
    else starts.add(sharerOf(callerOf(gate, request) ?? {}), { isGone: () => isGone(request), begin });
  };
}

/** Resolves when a request has its turn to start; never for one that is given up before. */
function startOf(request: IncomingMessage, starts: PacedStarts, caller: Caller): Promise<void> {
  return new Promise((begin) => starts.add(sharerOf(caller), { isGone: () => isGone(request), begin }));
}

function isGone(request: IncomingMessage | Http2ServerRequest): boolean {
  return 'stream' in request ? request.stream.destroyed : request.socket.destroyed;
}

function childSettings(config: Config): Record<string, string> {
  return {
    CHECKPOINT_KEY: config.checkpointKey || ownCheckpointKey(config.dataDir),
    WORKERS: String(config.workers),
    MAX_DEPARTMENTS: String(config.maxDepartments),
    LOG_LEVEL: config.logLevel,
  };
}
