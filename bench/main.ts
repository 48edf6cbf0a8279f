/**
 * `npm run bench -- [topic] [--quick]`: measures a topic beside its peers, all in one run, and keeps the figures in
 * bench/results.json. Without a topic, all of them.
 */
import { parseArgs } from 'node:util';
import { keepResults } from './results.ts';

/** What a topic measures ends up under its name; the functions print what they find. */
const TOPICS: Record<string, () => Promise<(quick: boolean) => Promise<unknown>>> = {
  kernel: async () => (await import('./kernel.ts')).benchKernel,
};

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((topic) => !Object.hasOwn(TOPICS, topic));
if (unknown.length > 0) {
  console.error(`There is no topic ${unknown.join(', ')}; there are ${Object.keys(TOPICS).join(', ')}.`);
  process.exit(2);
}
for (const topic of positionals.length > 0 ? positionals : Object.keys(TOPICS)) {
  const bench = await TOPICS[topic]!();
  keepResults(topic, await bench(values.quick));
}
