import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import type { OtherAmount } from '../groups/amounts.ts';
import { groupLabel } from '../jobs/group-label.ts';

/** The columns of a copied table, in their order. */
export const copiedColumns = ['department', 'sum', 'count', 'mean', 'min', 'max'] as const;

/**
 * A table as a spreadsheet takes it from the clipboard: all digits, without groups, and the decimal sign of the reader's
 * locale. With another one a spreadsheet reads a number as a text, or as a date.
 */
export interface CopiedTable {
  /** Cells with tabs between them. */
  text: string;
  /** A table, for documents and mails. */
  html: string;
}

/** A cell of a table to be copied. A name is a text, whatever it looks like. */
export interface CopiedCell {
  text: string;
  isName: boolean;
}

/**
 * Writes totals down for the clipboard.
 *
 * @param heads the names of {@link copiedColumns}
 * @param others amounts whose sums come behind those
 */
export function copyTotals(
  totals: readonly Total[],
  heads: readonly string[],
  others: readonly OtherAmount[],
): CopiedTable {
  const number = (text: string) => ({ text, isName: false });
  const rows = totals.map((total) => [
    ...copiedColumns.map((column) =>
      column === 'department' ? { text: groupLabel(total), isName: true } : number(String(total[column])),
    ),
    ...others.map(({ place }) => number(total.figures[place]?.sum ?? '0')),
  ]);
  const names = [...heads, ...others.map(({ name }) => name)];
  return copyTable([names.map((text) => ({ text, isName: true })), ...rows]);
}

/** Writes a table down for the clipboard. Its first row is its head. */
export function copyTable([heads = [], ...rows]: readonly (readonly CopiedCell[])[], locale?: string): CopiedTable {
  const sign = decimalSign(locale);
  const text = (cell: CopiedCell) => (cell.isName ? nameText(cell.text) : cell.text.replace('.', sign));
  const line = (tag: string, cells: readonly CopiedCell[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(text(cell))}</${tag}>`).join('')}</tr>`;
  return {
    text: [heads, ...rows].map((cells) => cells.map((cell) => quote(text(cell))).join('\t')).join('\n'),
    html: `<table><thead>${line('th', heads)}</thead><tbody>${rows.map((row) => line('td', row)).join('')}</tbody></table>`,
  };
}

/** Writes a table down as the server writes totals (RFC 4180). */
export function csvOf(rows: readonly (readonly CopiedCell[])[]): string {
  const cell = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows
    .map((cells) => `${cells.map((each) => cell(each.isName ? nameText(each.text) : each.text)).join(',')}\n`)
    .join('');
}

const RUNS = '[=+\\-@\uff1d\uff0b\uff0d\uff20]';
const AT_START = new RegExp(`^(?=\\s*${RUNS}|[\\t\\r\\n])`);
const BEHIND_SEPARATOR = new RegExp(`([;|\\t\\r\\n]\\s*)(?=${RUNS})`, 'g');

/** A comma or a point: digits are those of every locale, and so is what stands between them. */
function decimalSign(locale: string | undefined): string {
  const parts = new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }).formatToParts(0.5);
  return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.';
}

/** As in the downloaded CSV (`formula.ts` of the server): a `'` before what a spreadsheet would run as a formula. */
function nameText(text: string): string {
  return text.replace(BEHIND_SEPARATOR, "$1'").replace(AT_START, "'");
}

/** Spreadsheets read pasted text as CSV with tabs. */
function quote(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
