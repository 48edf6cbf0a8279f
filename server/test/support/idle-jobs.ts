import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Suspects } from '../../src/gateway/analysis/suspects.ts';
import { JobHub } from '../../src/gateway/jobs/job-hub.ts';
import { JobMetrics } from '../../src/gateway/jobs/job-metrics.ts';
import { Jobs } from '../../src/gateway/jobs/jobs.ts';
import { DiskSpool, type Spool } from '../../src/gateway/spool/spool.ts';
import type { JobStore } from '../../src/gateway/store/job-store.ts';
import { openSqliteJobStore } from '../../src/gateway/store/sqlite-job-store.ts';
import { createLog } from '../../src/log.ts';
import { createRegistry } from '../../src/metrics/registry.ts';
import type { Processors } from '../../src/processor-client/processors.ts';
import { FairQueue } from '../../src/queue/fair-queue.ts';

/** Jobs whose analyses wait for ever: no processor answers. */
export function createIdleJobs(store: JobStore, spool: Spool, keepUploads = 0): Jobs {
  const open = async (signal: AbortSignal) => {
    signal.throwIfAborted();
    return await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const processors = { open } as unknown as Processors;
  const log = createLog('silent', 'test');
  const [streams, hub] = [new FairQueue(10), new JobHub()];
  const limits = { keepUploads, maxUploadBytes: 1e9, checkpointMs: 1e6 };
  const counting = { suspects: new Suspects(), metrics: new JobMetrics(createRegistry()) };
  return new Jobs({
    store,
    spool,
    processors,
    streams,
    hub,
    log,
    sourceOf: async () => undefined,
    uploadUrl: (id) => `/uploads/${id}`,
    ...limits,
    ...counting,
  });
}

/** A real store and spool in a folder of their own, with jobs over them whose analyses wait for ever. */
export class IdleGateway implements AsyncDisposable {
  readonly folder: string;
  readonly store: JobStore;
  readonly spool: DiskSpool;
  jobs: Jobs;

  private constructor(folder: string, store: JobStore) {
    this.folder = folder;
    this.store = store;
    this.spool = new DiskSpool(join(folder, 'spool'));
    this.jobs = createIdleJobs(store, this.spool);
  }

  static async open(): Promise<IdleGateway> {
    const folder = await mkdtemp(join(tmpdir(), 'tallystream-idle-'));
    const gateway = new IdleGateway(folder, await openSqliteJobStore(join(folder, 'jobs.db')));
    await mkdir(gateway.spool.directory);
    return gateway;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.jobs.close();
    await this.store.close();
    await rm(this.folder, { recursive: true });
  }
}
