import { formatDecimal } from '../decimal.ts';
import type { Doubt } from '../doubt.ts';
import type { KernelTotal, NamesReport } from '../kernel.ts';
import { isHalf } from '../total-names.ts';
import { grouped } from '../words.ts';

/** The doubts that the names of a finished result give rise to. */

/** The doubt about a row that seems to sum up the others; undefined without one. */
export function totalRowDoubt(named: readonly KernelTotal[], total: bigint): Doubt | undefined {
  const sum = named.find(({ sum }) => isHalf(sum, total));
  // A name whose sum is next to nothing (a town called Soma) proves nothing.
  const all = named.reduce((all, { sum }) => all + sum, 0n);
  const found = sum ?? (all * 10n >= total ? named[0] : undefined);
  if (!found) return undefined;
  const is = sum
    ? 'is the sum of all others, so everything is counted twice'
    : 'may be a sum of others, which would then be counted twice';
  return {
    code: 'TOTAL_ROW',
    message: `${JSON.stringify(found.department)} (${formatDecimal(found.sum, found.scale, found.unitDecimals)}) ${is}; remove that row from the file, or ignore it in the totals.`,
  };
}

/** The doubt about names with line breaks, which are usually rows between two stray quotes; undefined if there are none. */
export function brokenNamesDoubt({ count, first }: NamesReport['broken']): Doubt | undefined {
  if (count === 0) return undefined;
  const are = count === 1 ? 'One department has' : `${grouped(count)} departments have`;
  return {
    code: 'LINES_SWALLOWED',
    message: `${are} line breaks in the name, such as ${visible(first)}: stray quotes may have swallowed whole rows. Remove them, or set quote to none if quotes are ordinary characters.`,
  };
}

/** The doubt about names that look alike; undefined if there are none. */
export function similarNamesDoubt({ count, first }: NamesReport['similar']): Doubt | undefined {
  if (!first) return undefined;
  const how = count === 1 ? 'One department differs' : `${grouped(count)} departments differ`;
  return {
    code: 'SIMILAR_DEPARTMENTS',
    message: `${how} from another only in case, white space or invisible characters, such as ${visible(first[0])} and ${visible(first[1])}; they are totalled separately.`,
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
