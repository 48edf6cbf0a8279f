import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { createGate } from '../access/api-keys.ts';
import { orTicket, Tickets } from '../access/download-ticket.ts';
import { toTallyError } from '../errors.ts';
import { sourceOf } from '../gateway/analysis/source-of.ts';
import { streamPlaces } from '../gateway/analysis/stream-places.ts';
import { Suspects } from '../gateway/analysis/suspects.ts';
import { ownCheckpointKey } from '../gateway/checkpoint-key.ts';
import { runJanitor } from '../gateway/jobs/janitor.ts';
import { JobHub } from '../gateway/jobs/job-hub.ts';
import { addJobGauges, JobMetrics } from '../gateway/jobs/job-metrics.ts';
import { Jobs } from '../gateway/jobs/jobs.ts';
import { type JobsOf, OwnJobs } from '../gateway/jobs/own-jobs.ts';
import { JobWatches } from '../gateway/jobs/watch-jobs.ts';
import { createGatewayService } from '../gateway/rpc/gateway-service.ts';
import { outsideCalls, outsideSources } from '../gateway/rpc/outside-calls.ts';
import { maxRequestBytes, withTextLimits } from '../gateway/rpc/request-limits.ts';
import { checkDisk, type DiskLimits } from '../gateway/spool/disk-room.ts';
import { DiskSpool } from '../gateway/spool/spool.ts';
import { keepDamagedLog } from '../gateway/store/damaged-log.ts';
import { openSqliteJobStore } from '../gateway/store/sqlite-job-store.ts';
import { uploadUrl } from '../gateway/upload/upload-url.ts';
import { createHttpHandler } from '../http/routes.ts';
import { createStaticHandler } from '../http/static-files.ts';
import { statusRoutes } from '../http/status-routes.ts';
import { createListener } from '../listener/one-port.ts';
import type { Timeouts } from '../listener/timeouts.ts';
import type { Log } from '../log.ts';
import { createErrorCounter, createRegistry, metricsText } from '../metrics/registry.ts';
import { makePrivate } from '../private-files.ts';
import { ProcessorChild } from '../processor-client/processor-child.ts';
import { Processors } from '../processor-client/processors.ts';
import { FairQueue } from '../queue/fair-queue.ts';
import { notReady, type Readiness, STOPPING, sharedReadiness } from '../readiness.ts';
import { createRpcHandler, MAX_MESSAGE_BYTES } from '../rpc/rpc.ts';
import { AllowedFolders } from '../source/allowed-folders.ts';
import { type App, GRACE_MS, readTls } from './app.ts';
import type { Config } from './config.ts';
import { gatewayRoutes, withPacedCalls } from './gateway-routes.ts';

/** Sources whose files are looked up at once. */
const LOOK_UPS = 2;

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
  const places = streamPlaces(child ? config.workers : config.processorUrls.length);
  const streams = new FairQueue(places.jobs);
  const registry = createRegistry();
  const countError = createErrorCounter(registry);
  const metrics = new JobMetrics(registry);
  const hub = new JobHub();
  const watches = new JobWatches(hub);
  const spool = new DiskSpool(spoolDirectory);
  const suspects = new Suspects();
  const own = { store, spool, processors, streams, suspects, metrics, hub, log };
  const jobs = new Jobs({ ...config, ...own, sourceOf: sourceOf(spool, child !== undefined), uploadUrl });
  addJobGauges(registry, { jobs, streams, hub, watches });
  const jobsOf: JobsOf = (caller) => new OwnJobs(jobs, hub, caller);
  const limits = { ...config, spoolDirectory, makeRoom: (bytes: number) => jobs.makeRoom(bytes) };
  const sources = { ...limits, allowed: await allowedFolders(config, log), spool, lookUps: new FairQueue(LOOK_UPS) };
  const shutdown = new AbortController();
  const gate = createGate(config.apiKeys);
  const tickets = new Tickets();
  const readiness = sharedReadiness(async () => {
    if (shutdown.signal.aborted) return STOPPING;
    return (await diskReadiness(limits, jobs)) ?? (await processors.readiness());
  }, log);
  const rpc = createRpcHandler({
    services: [GatewayService, ProcessorService],
    addServices(add) {
      add(
        GatewayService,
        withTextLimits(createGatewayService({ jobsOf, store, limits, watches, sources })),
        maxRequestBytes,
      );
      const processor = {
        processCsv: outsideCalls(processors, places.outside),
        processSource: outsideSources(processors),
      };
      add(ProcessorService, processor, () => MAX_MESSAGE_BYTES);
    },
    isReady: async () => (await readiness()).isReady,
    gate,
    shutdownSignal: shutdown.signal,
    fallback: createStaticHandler(),
    countError,
    log,
  });
  const routes = [
    ...statusRoutes(readiness, metricsText(registry)),
    ...gatewayRoutes({ jobsOf, store, limits, gate, tickets, isSecure: config.tls !== undefined, log }),
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

/** The folders of SOURCES. One that is not there is told: it may come later, as a disk that is mounted. */
async function allowedFolders({ sources, dataDir }: Config, log: Log): Promise<AllowedFolders> {
  const allowed = new AllowedFolders({ folders: sources, except: [resolve(dataDir)], own: '' });
  const found = (await allowed.real()).length + allowed.prefixes.length;
  if (found < sources.length) log.warn({ sources, found }, 'not all folders of SOURCES are there');
  return allowed;
}

/** The reason why nothing can be stored; undefined if it can. */
async function diskReadiness(limits: DiskLimits, jobs: Jobs): Promise<Readiness | undefined> {
  const full = await checkDisk(limits, 0).catch((error) => toTallyError(error));
  if (full) return notReady(`the disk is full or broken. ${full.message}`);
  if (jobs.unstoredCount > 0) return notReady('the disk is full or broken. Changes to jobs cannot be stored.');
  return undefined;
}

function childSettings(config: Config): Record<string, string> {
  return {
    CHECKPOINT_KEY: config.checkpointKey || ownCheckpointKey(config.dataDir),
    WORKERS: String(config.workers),
    MAX_DEPARTMENTS: String(config.maxDepartments),
    MAX_UPLOAD_BYTES: String(config.maxUploadBytes),
    DATA_DIR: resolve(config.dataDir),
    SOURCES: config.sources.join(','),
    SPOOL_FOLDER: resolve(config.dataDir, 'spool'),
    LOG_LEVEL: config.logLevel,
  };
}
