import type { Part } from './sqlite-totals.ts';

/** The steps that a result was gone through in: the last department of each but the last step, in order, and their sizes. */
export interface Steps {
  lasts: string[];
  sizes: number[];
}

/** Results whose steps are kept. */
const MOST_RESULTS = 50;
/** Characters of the departments of one result's steps: of names that are so long there are few to a step. */
const MOST_CHARACTERS = 256 * 1024;

/** The steps of finished results, which never change: to find them anew takes as long as to read the rows. */
export class KnownSteps {
  readonly #known = new Map<number, Steps>();

  of(resultId: number): Steps | undefined {
    return this.#known.get(resultId);
  }

  keep(resultId: number, steps: Steps): void {
    if (steps.lasts.reduce((sum, { length }) => sum + length, 0) > MOST_CHARACTERS) return;
    this.#known.delete(resultId);
    this.#known.set(resultId, steps);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_RESULTS) return;
      this.#known.delete(oldest);
    }
  }

  /** Forgets a result whose rows change. */
  forget(resultId: number): void {
    this.#known.delete(resultId);
  }
}

/** Names from one on, and before another one. */
export interface NameRange {
  from: string;
  to: string;
}

/**
 * The parts of a result whose steps are known, from behind a department on, in its order or the other way.
 *
 * @param ranges only those that have names in one of these; undefined for all
 */
export function* knownParts(
  { lasts, sizes }: Steps,
  isBackwards: boolean,
  start: string | undefined,
  ranges: readonly NameRange[] | undefined,
): Generator<Part> {
  const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const places = [...lasts.keys(), lasts.length];
  for (const place of isBackwards ? places.reverse() : places) {
    const [before, last] = [lasts[place - 1], lasts[place]];
    if (start !== undefined) {
      const isOver = isBackwards
        ? before !== undefined && compare(before, start) >= 0
        : last !== undefined && compare(last, start) <= 0;
      if (isOver) continue;
    }
    const isWanted = ({ from, to }: NameRange) =>
      (last === undefined || compare(last, from) >= 0) && (before === undefined || compare(before, to) < 0);
    if (ranges && !ranges.some(isWanted)) continue;
    const bounds: [operator: string, value: string | undefined][] = [
      ['>', before],
      ['<=', last],
      [isBackwards ? '<' : '>', start],
    ];
    const set = bounds.filter((bound): bound is [string, string] => bound[1] !== undefined);
    yield {
      condition: ['TRUE', ...set.map(([operator]) => `department ${operator} ?`)].join(' AND '),
      values: set.map(([, value]) => value),
      size: start === undefined ? sizes[place] : undefined,
    };
  }
}
