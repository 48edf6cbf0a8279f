import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { MAX_AMOUNTS, MAX_RECORD_BYTES } from '../../../kernel/kernel.ts';
import { kernelMemoryBytes } from '../../../kernel/wasm/memory-layout.ts';
import { callerOf, createGate } from '../access/api-keys.ts';
import { callerKey, sharerOf } from '../access/caller.ts';
import { createHttpHandler } from '../http/routes.ts';
import { createStaticHandler } from '../http/static-files.ts';
import { statusRoutes } from '../http/status-routes.ts';
import { createListener, type RequestHandler } from '../listener/one-port.ts';
import type { Timeouts } from '../listener/timeouts.ts';
import type { Log } from '../log.ts';
import { addGauge, createErrorCounter, createRegistry, metricsText } from '../metrics/registry.ts';
import { isGrpcCall } from '../processor/grpc-call.ts';
import { handleProcessCsv, PROCESS_CSV_PATH } from '../processor/process-csv-handler.ts';
import { handleProcessSource, PROCESS_SOURCE_PATH } from '../processor/process-source-handler.ts';
import { createProcessorService } from '../processor/processor-service.ts';
import { SourceReaders } from '../processor/source-readers.ts';
import { ThreadPools } from '../processor/threads/thread-pools.ts';
import { notReady, READY, STOPPING } from '../readiness.ts';
import { createRpcHandler, MAX_MESSAGE_BYTES } from '../rpc/rpc.ts';
import { type App, GRACE_MS, readTls } from './app.ts';
import type { Config } from './config.ts';

/** Until the thread is ended. */
const HANGING = notReady('a kernel thread does not answer');

/** The wiring of a processor. */
export async function buildProcessor(config: Config, log: Log, timeouts: Timeouts): Promise<App> {
  const pools = new ThreadPools({
    size: config.workers,
    log,
    checkpointKey: config.checkpointKey,
    isPrivate: config.socketPath !== '',
  });
  const sources = new SourceReaders({ ...config, dataDir: resolve(config.dataDir) }, log);
  const shutdown = new AbortController();
  const gate = createGate(config.apiKeys);
  let isStopping = false;
  // A processor whose thread hangs takes no more work until that has been ended.
  const readiness = async () => (isStopping ? STOPPING : pools.isAnswering ? READY : HANGING);
  const isReady = async () => (await readiness()).isReady;
  const registry = createRegistry();
  const countError = createErrorCounter(registry);
  const rpc = createRpcHandler({
    services: [ProcessorService],
    addServices(add) {
      const processor = createProcessorService({
        poolFor: (headers) => pools.for(headers),
        sourceSettingsFor: (headers) => sources.settingsFor(headers),
        limits: config,
        callerOf: ({ values }) => sharerOf(values.get(callerKey) ?? {}),
      });
      add(ProcessorService, processor, () => MAX_MESSAGE_BYTES);
    },
    isReady,
    gate,
    shutdownSignal: shutdown.signal,
    fallback: createStaticHandler(),
    countError,
    log,
  });
  addGauge(registry, { name: 'calls', help: 'Calls of ProcessCsv that have a kernel thread' }, () => pools.jobCount);
  addGauge(
    registry,
    { name: 'kernel_threads', help: 'Kernel threads that have been started' },
    () => pools.threadCount,
  );
  addGauge(registry, { name: 'waiting_calls', help: 'Calls that wait for one' }, () => pools.waitingCount);
  addGauge(registry, { name: 'sources', help: 'Sources that are being read' }, () => sources.activeCount);
  const grpc = { readMaxBytes: MAX_MESSAGE_BYTES, shutdownSignal: shutdown.signal };
  const calls: RequestHandler = (request, response) => {
    const isCsv = isGrpcCall(request, PROCESS_CSV_PATH);
    const known = isCsv || isGrpcCall(request, PROCESS_SOURCE_PATH) ? callerOf(gate, request) : undefined;
    if (!known) return rpc(request, response);
    const caller = sharerOf(known);
    if (isCsv)
      return handleProcessCsv(request, response, { ...grpc, limits: config, pool: pools.for(request.headers), caller });
    const settings = sources.settingsFor(request.headers);
    // The gateway's own calls may bring the state of as many departments as there may be.
    const stateBytes = kernelMemoryBytes({
      maxRecordBytes: MAX_RECORD_BYTES,
      maxDepartments: config.maxDepartments,
      amounts: { length: MAX_AMOUNTS },
    });
    const readMaxBytes = settings.isTrusted ? MAX_MESSAGE_BYTES + stateBytes : MAX_MESSAGE_BYTES;
    handleProcessSource(request, response, { ...grpc, ...settings, readMaxBytes, caller });
  };
  const handler = createHttpHandler(statusRoutes(readiness, metricsText(registry)), calls, {
    ...config,
    gate,
    countError,
    log,
  });
  const listener = createListener(handler, readTls(config), timeouts, {
    isLetIn: (headers) => gate(headers) !== undefined,
  });
  return {
    listener,
    async close() {
      isStopping = true;
      // Callers hear that no new calls are taken, and have time to ask for a last checkpoint.
      const closed = listener.close(2 * GRACE_MS);
      await Promise.race([closed, wait(GRACE_MS)]);
      shutdown.abort(new ConnectError('the server is stopping: try again', Code.Unavailable));
      await closed;
      await pools.close();
    },
  };
}
