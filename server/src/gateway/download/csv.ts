import { enumToJson } from '@bufbuild/protobuf';
import { type Reject, RejectReasonSchema, type Total } from '#gen/tallystream/v1/processor_pb.ts';
import type { JobStore } from '../store/job-store.ts';
import { totalsPages } from './totals-rows.ts';

export interface CsvFormat {
  /** Count, min, max and mean as well. */
  allColumns: boolean;
  /** Begin with a byte order mark, which spreadsheets want to see UTF-8. */
  bom: boolean;
  /** Leave cells as they are that a spreadsheet would run as a formula. */
  raw: boolean;
}

const BOM = '\ufeff';
const TOTALS_HEADER = ['Department Name', 'Total Number of Sales'];
const MORE_COLUMNS = ['Count', 'Min', 'Max', 'Mean'];
const REJECTS_HEADER = ['Line', 'Byte Offset', 'Reason', 'Raw'];
const REJECTS_PAGE = 1000;

/** The totals as CSV text, in parts. */
export async function* totalsCsv(store: JobStore, resultId: number, format: CsvFormat): AsyncGenerator<string> {
  const row = ({ department, sum, count, min, max, mean }: Total) => {
    const name = textCell(department, format.raw);
    return format.allColumns ? `${name},${sum},${count},${min},${max},${mean}\n` : `${name},${sum}\n`;
  };
  const header = format.allColumns ? [...TOTALS_HEADER, ...MORE_COLUMNS] : TOTALS_HEADER;
  yield `${format.bom ? BOM : ''}${header.join(',')}\n`;
  for await (const totals of totalsPages(store, resultId)) yield totals.map(row).join('');
}

/** The rejected rows as CSV text, in parts. */
export async function* rejectsCsv(store: JobStore, resultId: number, format: CsvFormat): AsyncGenerator<string> {
  const row = ({ line, byteOffset, reason, raw }: Reject) =>
    `${line},${byteOffset},${reasonName(reason)},${textCell(raw, format.raw)}\n`;
  yield `${format.bom ? BOM : ''}${REJECTS_HEADER.join(',')}\n`;
  let pageToken = '';
  do {
    const page = await store.listRejects(resultId, { pageSize: REJECTS_PAGE, pageToken });
    yield page.rejects.map(row).join('');
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

/**
 * A cell by RFC 4180 §2.6: quoted if it holds a quote, a comma or a line break; and, unless `raw`, with an apostrophe
 * before what a spreadsheet would take for a formula
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function textCell(text: string, raw: boolean): string {
  const safe = !raw && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `EMPTY_AMOUNT` for `REJECT_REASON_EMPTY_AMOUNT`. */
function reasonName(reason: Reject['reason']): string {
  return String(enumToJson(RejectReasonSchema, reason)).replace('REJECT_REASON_', '');
}
