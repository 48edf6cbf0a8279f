import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Comparison, describeGoal, shortNumber } from './comparison.ts';

const DOCUMENT = new URL('../../docs/figures.md', import.meta.url);
const RESULTS = new URL('../results.json', import.meta.url);
const BEGIN = '<!-- figures: made by npm run bench -->';
const END = '<!-- end of figures -->';

interface TopicResults {
  date: string;
  machine: string;
  sizeBytes: number;
  comparisons: Comparison[];
}

/** Puts the figures of bench/results.json into docs/figures.md. */
export function updateFigures(): void {
  writeFileSync(DOCUMENT, withFigures(readFileSync(DOCUMENT, 'utf8'), readResults()));
}

/** The last results, by topic. */
export function readResults(): Record<string, TopicResults> {
  return existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
}

/** A document's text with these figures between its two marks. */
export function withFigures(text: string, results: Record<string, TopicResults>): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('the document has no place for the figures');
  const lines = [
    '| topic | beside | ours | peer | unit | ratio (of all rounds) | goal |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...Object.entries(results).flatMap(([topic, { comparisons }]) => comparisons.map((line) => row(topic, line))),
  ];
  return `${text.slice(0, begin)}${BEGIN}\n${lines.join('\n')}\n${text.slice(end)}`;
}

function row(topic: string, { what, unit, ours, peer, ratio, spread: [least, most], goal, isMet }: Comparison): string {
  const wanted = goal ? `${describeGoal(goal)}${isMet ? '' : ', not met'}` : '';
  const cells = [
    topic,
    what,
    shortNumber(ours),
    peer === undefined ? '' : shortNumber(peer),
    unit,
    `**${ratio.toFixed(2)}** (${least.toFixed(2)} to ${most.toFixed(2)})`,
    wanted,
  ];
  return `| ${cells.join(' | ')} |`;
}
