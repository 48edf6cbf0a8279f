import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { type App, GRACE_MS, readTls } from './app.ts';
import type { Config } from './config.ts';
import { FairQueue } from './fair-queue.ts';
import { handleDownload, isDownload } from './gateway/download/download.ts';
import { createGatewayService } from './gateway/gateway-service.ts';
import { runJanitor } from './gateway/janitor.ts';
import { JobHub } from './gateway/job-hub.ts';
import { Jobs, UPLOADS_PATH } from './gateway/jobs.ts';
import { ProcessorChild } from './gateway/processor-child.ts';
import { Processors } from './gateway/processors.ts';
import { DiskSpool } from './gateway/spool.ts';
import { openSqliteJobStore } from './gateway/store/sqlite-job-store.ts';
import { handleUpload } from './gateway/upload/one-shot-upload.ts';
import { createTusHandler } from './gateway/upload/tus-upload.ts';
import { createGate } from './listener/auth.ts';
import { createHttpHandler, type HttpRoute, READING } from './listener/http.ts';
import { createMetrics } from './listener/metrics.ts';
import { createListener } from './listener/one-port.ts';
import { createRpcHandler } from './listener/rpc.ts';
import { createStaticHandler } from './listener/static-files.ts';
import { statusRoutes } from './listener/status.ts';
import type { Timeouts } from './listener/timeouts.ts';
import type { Log } from './log.ts';

/** Calls that a gateway has open to a kernel thread of its own, or to a processor elsewhere. */
const STREAMS_PER_PLACE = 32;

/** The wiring of a gateway, with a processor of its own if none is configured. */
export async function buildGateway(config: Config, log: Log, timeouts: Timeouts): Promise<App> {
  const spoolDirectory = join(config.dataDir, 'spool');
  await mkdir(spoolDirectory, { recursive: true });
  const store = await openSqliteJobStore(join(config.dataDir, 'tallystream.db'));
  const child =
    config.processorUrls.length === 0 ? new ProcessorChild(config.dataDir, childSettings(config), log) : undefined;
  const processors = new Processors(child ? [child.url] : config.processorUrls);
  const hub = new JobHub();
  const spool = new DiskSpool(spoolDirectory, (id, length) => jobs.onAppend(id, length));
  const streams = new FairQueue(STREAMS_PER_PLACE * (child ? config.workers : config.processorUrls.length));
  const jobs: Jobs = new Jobs({ store, spool, processors, streams, hub, log, keepUploads: config.keepUploads });
  const limits = { ...config, spoolDirectory };
  const shutdown = new AbortController();
  const gate = createGate(config.apiKeys);
  const isReady = async () => !shutdown.signal.aborted && (await processors.isReady());
  const tus = createTusHandler(jobs, spool, limits, log);
  const rpc = createRpcHandler({
    services: [GatewayService, ProcessorService],
    addServices(router) {
      router.service(GatewayService, createGatewayService({ jobs, hub, store, limits }));
      router.service(ProcessorService, {
        processCsv: (requests, { signal }) => processors.client().processCsv(requests, { signal }),
      });
    },
    isReady,
    gate,
    shutdownSignal: shutdown.signal,
    fallback: createStaticHandler(),
    log,
  });
  const metrics = createMetrics({ runningJobs: () => jobs.countByState(), watchers: () => hub.watchers });
  const routes: HttpRoute[] = [
    ...statusRoutes(isReady, metrics),
    {
      matches: (path) => path === '/upload' || path.startsWith('/upload/'),
      methods: ['POST', 'PUT'],
      handle: (request, response, url) => handleUpload(request, response, url, jobs, limits),
    },
    { matches: (path) => path === UPLOADS_PATH || path.startsWith(`${UPLOADS_PATH}/`), handle: tus },
    {
      matches: isDownload,
      methods: READING,
      handle: (request, response, url) => handleDownload(request, response, url, jobs, store),
    },
  ];
  const listener = createListener(createHttpHandler(routes, rpc, { ...config, gate, log }), readTls(config), timeouts);
  await child?.start();
  await jobs.recover();
  void runJanitor(jobs, config.retentionDays, log, shutdown.signal);
  return {
    listener,
    async close() {
      shutdown.abort(new ConnectError('the server is stopping: try again', Code.Unavailable));
      await jobs.close();
      await listener.close(GRACE_MS);
      processors.close();
      await child?.stop();
      await store.close();
    },
  };
}

function childSettings(config: Config): Record<string, string> {
  return {
    WORKERS: String(config.workers),
    MAX_DEPARTMENTS: String(config.maxDepartments),
    LOG_LEVEL: config.logLevel,
  };
}
