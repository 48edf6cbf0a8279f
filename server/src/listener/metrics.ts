import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** What is measured at the moment somebody asks. */
export interface MetricsSource {
  /** How many jobs run now, by state. */
  runningJobs(): Record<string, number>;
  /** How many calls of WatchJobs are open. */
  watchers(): number;
}

/** The figures of this process in the text format of Prometheus. */
export function createMetrics(source: MetricsSource): () => Promise<{ contentType: string; text: string }> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'tallystream_running_jobs',
    help: 'Jobs that have not ended, by state',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [state, count] of Object.entries(source.runningJobs())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'tallystream_watchers',
    help: 'Open calls of WatchJobs',
    registers: [registry],
    collect() {
      this.set(source.watchers());
    },
  });
  return async () => ({ contentType: registry.contentType, text: await registry.metrics() });
}
