import { median, printTable } from './table.ts';

/** One line of a topic's table: ours beside a peer or a limit, from the same run. */
export interface Comparison {
  what: string;
  unit: string;
  /** Medians. */
  ours: number;
  peer: number | undefined;
  /** The median of the ratios of each round, and the least and the largest of them; above 1 is better for goals `least`. */
  ratio: number;
  spread: [least: number, most: number];
  goal: Goal | undefined;
  isMet: boolean | undefined;
}

/** The bound of a ratio. */
export type Goal = { least: number } | { most: number };

/**
 * Compares figures that were taken in turns.
 *
 * @param ours,peer by round
 * @param ratio of one round: ours and the peer's
 */
export function compare(
  { what, unit, goal }: Pick<Comparison, 'what' | 'unit' | 'goal'>,
  ours: readonly number[],
  peer: readonly number[],
  ratio: (ours: number, peer: number) => number,
): Comparison {
  const ratios = ours.map((figure, round) => ratio(figure, peer[round]!));
  return judge({ what, unit, ours: median(ours), peer: median(peer), ratios, goal });
}

/** Puts a figure of ours beside its goal. */
export function judge(line: {
  what: string;
  unit: string;
  ours: number;
  peer?: number;
  ratios: number[];
  goal: Goal | undefined;
}): Comparison {
  const { what, unit, ours, peer, ratios, goal } = line;
  const ratio = median(ratios);
  const isMet = goal && ('least' in goal ? ratio >= goal.least : ratio <= goal.most);
  return { what, unit, ours, peer, ratio, spread: [Math.min(...ratios), Math.max(...ratios)], goal, isMet };
}

/** Prints a topic's table. */
export function printComparisons(comparisons: readonly Comparison[]): void {
  printTable([
    ['against', 'ours', 'peer', 'unit', 'ratio', 'spread', 'goal', ''],
    ...comparisons.map(({ what, unit, ours, peer, ratio, spread: [least, most], goal, isMet }) => [
      what,
      shortNumber(ours),
      peer === undefined ? '' : shortNumber(peer),
      unit,
      ratio.toFixed(2),
      `${least.toFixed(2)}-${most.toFixed(2)}`,
      goal ? describeGoal(goal) : '',
      isMet === undefined ? '' : isMet ? 'met' : 'NOT MET',
    ]),
  ]);
}

/** `≥ 4` and its like. */
export function describeGoal(goal: Goal): string {
  return 'least' in goal ? `≥ ${goal.least}` : `≤ ${goal.most}`;
}

/** Three digits or so. */
export function shortNumber(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
