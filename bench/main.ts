/**
 * `npm run bench -- [topic ...] [--size 500MB|5GB|50GB] [--quick] [--minutes 10]`: measures topics beside their peers,
 * each in one run, and keeps the figures in bench/results.json and docs/figures.md. Without a topic, all but the long ones.
 */
import { parseArgs } from 'node:util';
import { parseSize } from '../generator/src/quantity.ts';
import type { BenchOptions } from './harness/bench-options.ts';
import type { Comparison } from './harness/comparison.ts';
import { updateFigures } from './harness/figures-table.ts';
import { describeMachine, keepResults } from './harness/results.ts';

/** The results of a topic are kept under its name; the functions print them. */
const TOPICS: Record<string, () => Promise<(options: BenchOptions) => Promise<Comparison[]>>> = {
  kernel: async () => (await import('./topics/kernel.ts')).benchKernel,
  question: async () => (await import('./topics/question.ts')).benchQuestion,
  source: async () => (await import('./topics/source.ts')).benchSource,
  stream: async () => (await import('./topics/stream.ts')).benchStream,
  upload: async () => (await import('./topics/upload.ts')).benchUpload,
  memory: async () => (await import('./topics/memory.ts')).benchMemory,
  concurrency: async () => (await import('./topics/concurrency.ts')).benchConcurrency,
  checkpoints: async () => (await import('./topics/checkpoints.ts')).benchCheckpoints,
  page: async () => (await import('./topics/page.ts')).benchPage,
  walk: async () => (await import('./topics/walk.ts')).benchWalk,
  generator: async () => (await import('./topics/generator.ts')).benchGenerator,
  soak: async () => (await import('./topics/soak.ts')).benchSoak,
  hostile: async () => (await import('./topics/hostile.ts')).benchHostile,
};
/** Those that go on for minutes, with what they take by default. */
const LONG_MINUTES: Record<string, number> = { soak: 30, hostile: 10 };
const USUAL = Object.keys(TOPICS).filter((topic) => !Object.hasOwn(LONG_MINUTES, topic));

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    size: { type: 'string' },
    minutes: { type: 'string' },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((topic) => !Object.hasOwn(TOPICS, topic));
if (unknown.length > 0) fail(`There is no topic ${unknown.join(', ')}; there are ${Object.keys(TOPICS).join(', ')}.`);
const sizeBytes = parseSize(values.size ?? (values.quick ? '500MB' : '5GB'));
if (sizeBytes === undefined) fail(`--size is "${values.size}": use for example 500MB or 5GB.`);
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
if (minutes !== undefined && !(minutes > 0)) fail(`--minutes is "${values.minutes}": use a number.`);
const usual = { sizeBytes, rounds: values.quick ? 3 : 5, isQuick: values.quick };

for (const topic of positionals.length > 0 ? positionals : USUAL) {
  const bench = await TOPICS[topic]!();
  const options = { ...usual, minutes: minutes ?? LONG_MINUTES[topic] ?? 0 };
  console.log(`\n${topic}: ${describeMachine()}, medians of up to ${options.rounds} rounds`);
  keepResults(topic, options, await bench(options));
}
updateFigures();

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
