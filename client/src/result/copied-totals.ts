import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { groupLabel } from '../jobs/group-label.ts';

/** The columns of a copied table, in their order. */
export const copiedColumns = ['department', 'sum', 'count', 'mean', 'min', 'max'] as const;

/** Totals as a spreadsheet takes them from the clipboard: exact digits with a point, whatever the reader's locale. */
export interface CopiedTotals {
  /** Cells with tabs between them. */
  text: string;
  /** A table, for documents and mails. */
  html: string;
}

/** Writes totals down for the clipboard. `heads` are the names of {@link copiedColumns}. */
export function copyTotals(totals: readonly Total[], heads: readonly string[]): CopiedTotals {
  const rows = totals.map((total) =>
    copiedColumns.map((column) =>
      column === 'department' ? cell(groupLabel(total), true) : cell(String(total[column]), false),
    ),
  );
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  return {
    text: [heads, ...rows].map((cells) => cells.map(quote).join('\t')).join('\n'),
    html: `<table><thead>${line('th', heads)}</thead><tbody>${rows.map((row) => line('td', row)).join('')}</tbody></table>`,
  };
}

const RUNS = '[=+\\-@\uff1d\uff0b\uff0d\uff20]';
const AT_START = new RegExp(`^(?=\\s*${RUNS}|[\\t\\r\\n])`);
const BEHIND_SEPARATOR = new RegExp(`([;|\\t\\r\\n]\\s*)(?=${RUNS})`, 'g');

/** As in the downloaded CSV (`formula.ts` of the server): a `'` before what a spreadsheet would run as a formula. */
function cell(text: string, isName: boolean): string {
  return isName ? text.replace(BEHIND_SEPARATOR, "$1'").replace(AT_START, "'") : text;
}

/** Spreadsheets read pasted text as CSV with tabs. */
function quote(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
