/** Words for a row that sums up the others, as a name has them when its case and punctuation are taken away. */
const TOTAL_WORDS = new Set([
  ...[
    'total',
    'totals',
    'grand total',
    'sub total',
    'subtotal',
    'overall',
    'overall total',
    'sum',
    'all',
    'total sales',
  ],
  ...['gesamt', 'gesamtsumme', 'summe', 'zwischensumme', 'insgesamt', 'total général', 'total general', 'somme'],
  ...['gesamtergebnis', 'gesamtbetrag', 'totale complessivo', 'totalsumma', 'toplam', 'genel toplam', 'общий итог'],
  ...['sous total', 'suma', 'suma total', 'totale', 'totale generale', 'totaal', 'eindtotaal', 'soma', 'total geral'],
  ...['summa', 'totalt', 'razem', 'ogółem', 'итого', 'всего', '合计', '总计', '合計', '総計', '합계'],
]);

/** The words that a name for a sum may begin with, as a pattern. */
const PREFIXES = {
  whole: ['all', 'alle', 'tous', 'toutes', 'todos', 'todas', 'tutti', 'tutte'],
  begun: ['total', 'gesamt', 'summe', 'subtotal'],
};
const PREFIX = new RegExp(`^(?:${PREFIXES.whole.join('|')})\\b|^(?:${PREFIXES.begun.join('|')})`, 'iu');

/** All that a name has to begin with to be taken for a sum, in lower case. */
export const TOTAL_BEGINNINGS: readonly string[] = [...TOTAL_WORDS, ...PREFIXES.whole, ...PREFIXES.begun];

/** Characters that nobody sees, and marks that say how a letter is shown. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}\u3164\u2800]/gu;

/** A name without case, white space and invisible characters. */
export function foldName(name: string): string {
  return name.replace(/\s+/gu, '').normalize('NFKC').replace(UNSEEN, '').toLowerCase().replace(/\s+/gu, '');
}

/** Whether a name is one for the sum of all others. */
export function isTotalName(name: string): boolean {
  if (/^(?:\p{L} )+\p{L}$/u.test(name)) return isTotalName(name.replaceAll(' ', ''));
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return TOTAL_WORDS.has(plain);
}

/** The rest of a name beside a word for a sum, as in `Toys Total` and `Subtotal Toys`; undefined if there is no such word. */
export function totalledName(name: string): string | undefined {
  const [, before, last = ''] = /^(.*\S)\s+(\S+)$/su.exec(name.trim()) ?? [];
  if (isTotalName(last)) return before;
  const [, first = '', behind] = /^(\S+)\s+(\S.*)$/su.exec(name.trim()) ?? [];
  return isTotalName(first) ? behind : undefined;
}

/** Whether a name begins like one for a sum, as in `All departments`: it is one if its sum is that of the others. */
export function mayBeTotal(name: string): boolean {
  return PREFIX.test(name.trim());
}

/** Whether a sum is half of the total, but for what was rounded. */
export function isHalf(sum: bigint, total: bigint): boolean {
  const difference = sum * 2n - total;
  return sum !== 0n && (difference < 0n ? -difference : difference) * 1000n <= (total < 0n ? -total : total);
}
