import { ColumnKind, type InspectCsvResponse } from '#gen/tallystream/v1/gateway_pb.ts';

/** How a column looks in the first rows of its file. */
export interface ColumnLook {
  kind: 'text' | 'number' | 'date' | 'none';
  /** How many values are empty. */
  empty: number;
  /** How many different values there are. */
  distinct: number;
  /** The most frequent values, the most frequent first; those that are as frequent in natural order. */
  frequent: readonly string[];
}

const kinds: Record<ColumnKind, ColumnLook['kind']> = {
  [ColumnKind.UNSPECIFIED]: 'none',
  [ColumnKind.TEXT]: 'text',
  [ColumnKind.NUMBER]: 'number',
  [ColumnKind.DATE]: 'date',
};

/** Says how each column looks, by its index: as the server says, else by the rows that it has shown. */
export function lookAtColumns({ columnFacts, rows }: Pick<InspectCsvResponse, 'columnFacts' | 'rows'>) {
  const known = new Map(
    columnFacts.map(({ index, kind, empty, distinct, frequent }): [number, ColumnLook] => [
      index,
      { kind: kinds[kind] ?? 'text', empty, distinct, frequent },
    ]),
  );
  return (index: number): ColumnLook => {
    let look = known.get(index);
    if (look === undefined) {
      look = lookAtValues(rows.map(({ fields }) => fields[index]).filter((value) => value !== undefined));
      known.set(index, look);
    }
    return look;
  };
}

/** A year, month and day in this order, or a day or month first. A time may follow. */
const datePattern = /^(?:\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:\d{2}|\d{4}))(?:[T ].*)?$/;
/** Digits with separators of any kind, a sign, and a currency or a unit. */
const numberPattern = /^[^\p{L}\d]*(?:\p{Lu}{3}\s?)?[^\p{L}\d]*\d[\d.,'’\s]*[^\p{L}\d]*(?:\p{Lu}{3})?$/u;

const inNaturalOrder = new Intl.Collator('en', { numeric: true });

function lookAtValues(values: readonly string[]): ColumnLook {
  const filled = values.filter((value) => value !== '');
  const counts = new Map<string, number>();
  for (const value of filled) counts.set(value, (counts.get(value) ?? 0) + 1);
  const isMost = (pattern: RegExp) => filled.filter((value) => pattern.test(value)).length * 2 > filled.length;
  return {
    kind: filled.length === 0 ? 'none' : isMost(datePattern) ? 'date' : isMost(numberPattern) ? 'number' : 'text',
    empty: values.length - filled.length,
    distinct: counts.size,
    frequent: [...counts]
      .sort(([a, countA], [b, countB]) => countB - countA || inNaturalOrder.compare(a, b))
      .map(([value]) => value),
  };
}
