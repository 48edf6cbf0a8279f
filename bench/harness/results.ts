import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { BenchOptions } from './bench-options.ts';
import type { Comparison } from './comparison.ts';

const FILE = new URL('../results.json', import.meta.url);

/** Puts the figures of a topic beside those of the others, with what they were measured on. */
export function keepResults(topic: string, options: BenchOptions, comparisons: Comparison[]): void {
  const all = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
  all[topic] = {
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions: describeVersions(),
    ...options,
    comparisons: comparisons.map(roundedFigures),
  };
  writeFileSync(FILE, `${JSON.stringify(all, undefined, 2)}\n`);
}

/** The processor, its cores and the memory, in a line. */
export function describeMachine(): string {
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? process.arch}, ${cores.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}

function describeVersions(): Record<string, string> {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return {
    node: process.version,
    duckdb: devDependencies['@duckdb/node-api'],
    assemblyscript: devDependencies.assemblyscript,
  };
}

/** Four digits tell all that a measurement does. */
function roundedFigures(comparison: Comparison): unknown {
  return JSON.parse(
    JSON.stringify(comparison, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)),
  );
}
