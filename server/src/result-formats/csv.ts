import { enumToJson } from '@bufbuild/protobuf';
import { type Reject, RejectReasonSchema } from '#gen/tallystream/v1/processor_pb.ts';
import type { PlainFigures, PlainTotal } from '../process-csv/totals-batch.ts';
import { withoutFormulas } from './formula.ts';
import type { TotalsColumns } from './totals-columns.ts';

export interface CsvFormat {
  /** Count, min, max and mean as well. */
  allColumns: boolean;
  /** Begin with a byte order mark, which spreadsheets want to see UTF-8. */
  bom: boolean;
  /** Leave cells as they are that a spreadsheet would run as a formula. */
  raw: boolean;
}

const BOM = '\ufeff';
const MORE_COLUMNS = ['Count', 'Min', 'Max', 'Mean'];
const REJECTS_COLUMNS = ['Line', 'Byte Offset', 'Reason', 'Raw', 'Lines'];

/** The totals as CSV text, a part for each page of them. */
export async function* totalsCsv(
  pages: AsyncIterable<PlainTotal[]>,
  format: CsvFormat,
  columns: TotalsColumns,
): AsyncGenerator<string> {
  yield `${format.bom ? BOM : ''}${totalsHeader(columns, format)}`;
  for await (const totals of pages) {
    yield totals.map((total) => totalsRow(total, format)).join('');
  }
}

/** The header of totals, as a line. */
export function totalsHeader(
  columns: TotalsColumns,
  { allColumns, raw }: Pick<CsvFormat, 'allColumns' | 'raw'>,
): string {
  const [only, ...more] = columns.amounts;
  const figures =
    more.length === 0
      ? [only?.name ?? '', ...(allColumns ? MORE_COLUMNS : [])]
      : columns.amounts.flatMap(({ name }) => [
          name,
          ...(allColumns ? MORE_COLUMNS.map((each) => `${name} ${each}`) : []),
        ]);
  return `${[...columns.groups, ...figures].map((name) => textCell(name, raw)).join(',')}\n`;
}

/** A department as a line of CSV. */
export function totalsRow(total: PlainTotal, { allColumns, raw }: Pick<CsvFormat, 'allColumns' | 'raw'>): string {
  const { department, keys, figures } = total;
  const name = keys.length > 0 ? keys.map((key) => textCell(key, raw)).join(',') : textCell(department, raw);
  const cells = ({ sum, count, min, max, mean }: PlainFigures) =>
    allColumns ? `${sum},${count},${min},${max},${mean}` : sum;
  return `${name},${figures.length > 0 ? figures.map(cells).join(',') : cells(total)}\n`;
}

/** The rejected rows as CSV text, a part for each page of them. Those of several files say in which they are. */
export async function* rejectsCsv(pages: AsyncIterable<Reject[]>, format: CsvFormat): AsyncGenerator<string> {
  let hasFiles: boolean | undefined;
  const header = (isOfSeveral: boolean) => `${format.bom ? BOM : ''}${rejectsHeader(isOfSeveral)}`;
  for await (const rejects of pages) {
    if (hasFiles === undefined) {
      hasFiles = rejects.some(({ file }) => file !== '');
      yield header(hasFiles);
    }
    yield rejects.map((reject) => rejectsRow(reject, format.raw, hasFiles!)).join('');
  }
  if (hasFiles === undefined) yield header(false);
}

/** The header of rejected rows, as a line. @param isOfSeveral whether they are those of several files */
export function rejectsHeader(isOfSeveral: boolean): string {
  return `${[...REJECTS_COLUMNS, ...(isOfSeveral ? ['File'] : [])].join(',')}\n`;
}

/** A rejected row as a line of CSV. */
export function rejectsRow(reject: Reject, raw: boolean, isOfSeveral: boolean): string {
  const { line, byteOffset, reason, raw: text, lines, file } = reject;
  const fileCell = isOfSeveral ? `,${textCell(file, raw)}` : '';
  return `${line},${byteOffset},${reasonName(reason)},${textCell(text, raw)},${lines}${fileCell}\n`;
}

/** A cell by RFC 4180 §2.6, without formulas unless `raw`; it is quoted then wherever any reader might see a separator. */
export function textCell(text: string, raw: boolean): string {
  const safe = raw ? text : withoutFormulas(text);
  const isQuoted = raw ? /[",\r\n]/ : /[",;|\t\r\n]/;
  return isQuoted.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `EMPTY_AMOUNT` for `REJECT_REASON_EMPTY_AMOUNT`. */
export function reasonName(reason: Reject['reason']): string {
  return String(enumToJson(RejectReasonSchema, reason)).replace('REJECT_REASON_', '');
}
