import type { Total } from '#gen/tallystream/v1/processor_pb.ts';

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
    copiedColumns.map((column) => cell(String(total[column]), column === 'department')),
  );
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  return {
    text: [heads, ...rows].map((cells) => cells.map(quote).join('\t')).join('\n'),
    html: `<table><thead>${line('th', heads)}</thead><tbody>${rows.map((row) => line('td', row)).join('')}</tbody></table>`,
  };
}

/** As in the downloaded CSV: what a spreadsheet would run as a formula gets a `'` before it. */
function cell(text: string, isName: boolean): string {
  return isName && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** Spreadsheets read pasted text as CSV with tabs. */
function quote(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
