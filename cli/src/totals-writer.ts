import type { Dialect, Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { PRODUCT_DECIMALS } from '../../kernel/kernel.ts';
import { decodeTotals, type PlainFigures, type PlainTotal } from '../../server/src/process-csv/totals-batch.ts';
import { totalsHeader, totalsRow } from '../../server/src/result-formats/csv.ts';
import { createBatchCsv } from '../../server/src/result-formats/csv-of-batch.ts';
import { totalObject } from '../../server/src/result-formats/json.ts';
import { totalsColumns } from '../../server/src/result-formats/totals-columns.ts';
import { Output } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { amountNames, groupNames } from './column-name.ts';
import type { Format, Settings } from './settings.ts';

/** Writes totals to standard output. */
export interface TotalsWriter extends Disposable {
  /**
   * Takes the next departments, in code point order.
   *
   * @param batch a TotalsBatch of processor.proto
   * @param dialect how the file is read, which names the columns
   * @throws OutputError, OutputClosed
   */
  add(batch: Uint8Array, dialect: Dialect | undefined): void;
  /** Writes what is left. @throws OutputError, OutputClosed */
  end(summary: Summary): void;
}

type Columns = Pick<Settings, 'allColumns'>;
/** Returns the columns that a text takes on a terminal. */
type WidthOf = (text: string) => number;

/** Rows that are made into text at once. */
const BATCH_ROWS = 10_000;

/** Makes the writer that was asked for. Totals are only held in memory where they have to be sorted or aligned. */
export async function createTotalsWriter(settings: Settings): Promise<TotalsWriter> {
  // Tables alone need it, and it takes longer to load than a small file to be read.
  const widthOf = settings.format === 'table' ? (await import('string-width')).default : undefined;
  const output = new Output('-');
  const write = (text: string | Uint8Array) => output.write(typeof text === 'string' ? Buffer.from(text) : text);
  const format = formats[settings.format](write, settings, widthOf);
  const mustHold = settings.isSortedBySum || settings.top !== undefined;
  const held: PlainTotal[] = [];
  return {
    add(batch, dialect) {
      if (!mustHold && format.batch) return format.batch(batch, dialect);
      const totals = decodeTotals(batch);
      if (!mustHold) return format.rows(totals, dialect);
      for (const total of totals) held.push(total);
    },
    end(summary) {
      const chosen = choose(held, settings);
      for (let at = 0; at < chosen.length; at += BATCH_ROWS)
        format.rows(chosen.slice(at, at + BATCH_ROWS), summary.dialect);
      format.end(summary);
    },
    [Symbol.dispose]: () => output[Symbol.dispose](),
  };
}

/** The departments that are wanted, in the order that is wanted. */
function choose(totals: PlainTotal[], { isSortedBySum, top }: Settings): PlainTotal[] {
  const ranked = totals.map((total, index) => ({ total, index, units: parseDecimal(total.sum, PRODUCT_DECIMALS) }));
  const byRank = (a: Ranked, b: Ranked) => (a.units === b.units ? a.index - b.index : a.units > b.units ? -1 : 1);
  const chosen = ranked.sort(byRank).slice(0, top);
  // The index is the place by department.
  if (!isSortedBySum) chosen.sort((a, b) => a.index - b.index);
  return chosen.map(({ total }) => total);
}

interface Ranked {
  total: PlainTotal;
  index: number;
  units: bigint;
}

type Write = (text: string | Uint8Array) => void;

interface FormatWriter {
  /** Writes the rows of a batch without an object for each, if the format can. */
  batch?(batch: Uint8Array, dialect: Dialect | undefined): void;
  rows(totals: readonly PlainTotal[], dialect: Dialect | undefined): void;
  end(summary: Summary): void;
}

const formats: Record<Format, (write: Write, columns: Columns, widthOf?: WidthOf) => FormatWriter> = {
  csv(write, { allColumns }) {
    // Programs read it: nothing is escaped for a spreadsheet.
    const format = { allColumns, raw: true };
    const csvOf = createBatchCsv(allColumns);
    let hasHeader = false;
    const begin = (dialect: Dialect | undefined) => {
      if (!hasHeader) write(totalsHeader(totalsColumns(dialect), format));
      hasHeader = true;
    };
    return {
      batch(batch, dialect) {
        begin(dialect);
        write(csvOf(batch));
      },
      rows(totals, dialect) {
        begin(dialect);
        write(totals.map((total) => totalsRow(total, format)).join(''));
      },
      end: ({ dialect }) => begin(dialect),
    };
  },

  json(write) {
    let separator = '[\n';
    return {
      rows(totals) {
        if (totals.length === 0) return;
        write(separator + totals.map((total) => JSON.stringify(totalObject(total))).join(',\n'));
        separator = ',\n';
      },
      end: () => write(separator === '[\n' ? '[]\n' : '\n]\n'),
    };
  },

  table(write, { allColumns }, widthOf = (text) => text.length) {
    const rows: string[][] = [];
    const cells = ({ sum, count, min, max, mean }: PlainFigures) => [
      sum,
      ...(allColumns ? [String(count), min, max, mean] : []),
    ];
    const row = (total: PlainTotal) => [
      ...(total.keys.length > 0 ? total.keys : [total.department]).map(printable),
      ...(total.figures.length > 0 ? total.figures : [total]).flatMap(cells),
    ];
    return {
      rows(totals) {
        for (const total of totals) rows.push(row(total));
      },
      end({ total, totals, rows: count, dialect }) {
        const groups = dialect ? groupNames(dialect) : ['Department'];
        const more = allColumns ? ['Rows', 'Smallest', 'Largest', 'Mean'] : [];
        const head = [...groups, ...(dialect ? amountNames(dialect) : ['Sum']).flatMap((name) => [name, ...more])];
        const foot = [
          'All',
          ...groups.slice(1).map(() => ''),
          ...(totals.length > 0 ? totals : [total]).flatMap((sum, index) => [
            sum,
            ...(allColumns ? [index === 0 ? String(count) : '', '', '', ''] : []),
          ]),
        ];
        write(table(head, rows, foot, groups.length, widthOf));
      },
    };
  },
};

/** Lines up columns: names, which are the first ones, to the left, numbers to the right, by the width that a terminal gives them. */
function table(head: string[], rows: string[][], foot: string[], texts: number, widthOf: WidthOf): string {
  const widths = head.map((_, column) =>
    [head, ...rows, foot].reduce((most, row) => Math.max(most, widthOf(row[column] ?? '')), 0),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return column < texts ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return `${[line(head), rule, ...rows.map(line), rule, line(foot)].join('\n')}\n`;
}
