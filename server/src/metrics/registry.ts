import { createRequire } from 'node:module';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ErrorCode } from '../errors.ts';

/** Returns the answer of `/metrics`. */
export type MetricsText = () => Promise<{ contentType: string; text: string }>;

type AddMetric = (registry: Registry, config: { eventLoopMonitoringPrecision: number }) => void;

const require = createRequire(import.meta.url);

/**
 * A registry with the figures of this process: prom-client's default ones without the durations of garbage collections.
 * To measure these Node makes some objects after each collection, which V8 then keeps as old ones: over tens of gigabytes
 * of uploads that was more than half of all by which the heap grew.
 */
export function createRegistry(): Registry {
  const registry = new Registry();
  for (const name of collectDefaultMetrics.metricsList) {
    if (name === 'gc') continue;
    const addMetric: AddMetric = require(`prom-client/lib/metrics/${name}.js`);
    addMetric(registry, { eventLoopMonitoringPrecision: 10 });
  }
  return registry;
}

/**
 * Adds a figure that is taken at the moment somebody asks.
 *
 * @param values by label value, or one number
 */
export function addGauge(
  registry: Registry,
  { name, help, label }: { name: string; help: string; label?: string },
  values: () => Record<string, number> | number,
): void {
  new Gauge({
    name: `tallystream_${name}`,
    help,
    labelNames: label ? [label] : [],
    registers: [registry],
    collect() {
      const current = values();
      this.reset();
      if (typeof current === 'number') this.set(current);
      else for (const [value, count] of Object.entries(current)) this.set({ [label ?? 'kind']: value }, count);
    },
  });
}

/** Counts the answers to requests and RPCs other than success. */
export type CountError = (code: ErrorCode) => void;

export function createErrorCounter(registry: Registry): CountError {
  const counter = new Counter({
    name: 'tallystream_errors_total',
    help: 'Requests and RPCs that were answered with an error, by its code',
    labelNames: ['code'],
    registers: [registry],
  });
  return (code) => counter.inc({ code });
}

/** The figures in the text format of Prometheus. */
export function metricsText(registry: Registry): MetricsText {
  return async () => ({ contentType: registry.contentType, text: await registry.metrics() });
}
