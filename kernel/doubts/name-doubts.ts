import { formatDecimal } from '../decimal.ts';
import type { Doubt } from '../doubt.ts';
import type { KernelTotal } from '../kernel.ts';
import type { NamesReport } from '../wasm/names.ts';
import { grouped } from '../words.ts';

/** The doubts that the names of a finished result give rise to. */

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

/** Characters that nobody sees, and marks that say how a letter is shown. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}\u3164\u2800]/gu;

/** A name without case, white space and what is not seen. */
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
  return /^(?:all|alle|tous|toutes|todos|todas|tutti|tutte)\b|^(?:total|gesamt|summe|subtotal)/iu.test(name.trim());
}

/** The doubt about a row that seems to sum up the others; undefined without one. */
export function totalRowDoubt(named: readonly KernelTotal[], total: bigint): Doubt | undefined {
  const sum = named.find(({ sum }) => isHalf(sum, total));
  // A name whose sum is next to nothing (a town called Soma) proves nothing.
  const all = named.reduce((all, { sum }) => all + sum, 0n);
  const found = sum ?? (all * 10n >= total ? named[0] : undefined);
  if (!found) return undefined;
  const is = sum
    ? 'is the sum of all others, so that everything is counted twice'
    : 'may be a sum of others, which are counted twice then';
  return {
    code: 'TOTAL_ROW',
    message: `${JSON.stringify(found.department)} (${formatDecimal(found.sum, found.scale)}) ${is}; remove that row from the file, or leave it out of what you read.`,
  };
}

/** Whether a sum is half of the total, but for what was rounded. */
export function isHalf(sum: bigint, total: bigint): boolean {
  const difference = sum * 2n - total;
  return sum !== 0n && (difference < 0n ? -difference : difference) * 1000n <= (total < 0n ? -total : total);
}

/** The doubt about names with line breaks, which are usually rows between two stray quotes; undefined if there are none. */
export function brokenNamesDoubt({ count, first }: NamesReport['broken']): Doubt | undefined {
  if (count === 0) return undefined;
  const are = count === 1 ? 'One department has' : `${grouped(count)} departments have`;
  return {
    code: 'LINES_SWALLOWED',
    message: `${are} line breaks in the name, such as ${visible(first)}: rows may stand between two quotes that are too many. Mend them, or set quote to none if quotes are ordinary characters.`,
  };
}

/** The doubt about names that look alike; undefined if there are none. */
export function similarNamesDoubt({ count, first }: NamesReport['similar']): Doubt | undefined {
  if (!first) return undefined;
  const how = count === 1 ? 'One department differs' : `${grouped(count)} departments differ`;
  return {
    code: 'SIMILAR_DEPARTMENTS',
    message: `${how} from another one only in case, white space or characters that are not seen, such as ${visible(first[0])} and ${visible(first[1])}; they are totalled apart.`,
  };
}

/** A name in quotes, with escapes for what is not seen. */
function visible(name: string): string {
  const escaped = (character: string) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
  return JSON.stringify(name.slice(0, 60)).replaceAll(
    /[\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}]|(?! )\p{Zs}/gu,
    escaped,
  );
}
