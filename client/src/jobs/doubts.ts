import type { Doubt } from '#gen/tallystream/v1/processor_pb.ts';

/** A decision about the reading that may be wrong, or a fact about the content that changes what the total says. */
export type DoubtKind = 'uncertain' | 'fact';

const facts = new Set([
  'ROWS_REJECTED',
  'NEGATIVE_AMOUNTS',
  'TOTAL_ROW',
  'SIMILAR_DEPARTMENTS',
  'MIXED_CURRENCIES',
  'LINES_SKIPPED',
  'NO_ROWS',
  'NO_ROW_PASSES',
]);

/** The kind of a doubt. One that this page does not know yet may be about the reading. */
export function doubtKind({ code }: Pick<Doubt, 'code'>): DoubtKind {
  return facts.has(code) ? 'fact' : 'uncertain';
}

/** Doubts in the order in which they matter: uncertain decisions before facts. */
export function sortDoubts<D extends Pick<Doubt, 'code'>>(doubts: readonly D[]): D[] {
  return [
    ...doubts.filter((doubt) => doubtKind(doubt) === 'uncertain'),
    ...doubts.filter((doubt) => doubtKind(doubt) === 'fact'),
  ];
}

/** How many doubts of each kind there are. */
export function countDoubts(doubts: readonly Pick<Doubt, 'code'>[]): Record<DoubtKind, number> {
  const uncertain = doubts.filter((doubt) => doubtKind(doubt) === 'uncertain').length;
  return { uncertain, fact: doubts.length - uncertain };
}

/** Doubts whose setting is among those that are rarely needed. */
const rare = new Set(['QUOTE_UNCERTAIN', 'LINES_SWALLOWED', 'LINES_SKIPPED', 'ENCODING_ASSUMED']);

/** Whether the advice of a doubt names a setting that is rarely needed. */
export function needsRareSetting(doubts: readonly Pick<Doubt, 'code'>[]): boolean {
  return doubts.some(({ code }) => rare.has(code));
}
