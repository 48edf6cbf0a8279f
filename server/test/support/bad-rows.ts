import { parse } from 'csv-parse/sync';
import { type Reject, RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { gatewayClient } from './clients.ts';

const HEADER = 'Department Name,Number of Sales\n';
const DEPARTMENTS = 50;

/** A file with so many bad rows that the reports of them are most of the result. */
export interface BadRows {
  csv: Buffer;
  /** Every bad row, in file order, as {@link describeReject} gives it. */
  rejects: string[];
  goodRows: number;
}

/** A reject in one line. */
export function describeReject({
  line,
  byteOffset,
  reason,
  raw,
}: Pick<Reject, 'line' | 'byteOffset' | 'reason' | 'raw'>) {
  return `${line} ${byteOffset} ${reason} ${raw}`;
}

/** Makes a file in which `bad` of `rows` rows are bad, as evenly spread as they can be. */
export function createBadRows(rows: number, bad: number): BadRows {
  const lines = [HEADER];
  const rejects: string[] = [];
  let byteOffset = HEADER.length;
  for (let row = 0; row < rows; row++) {
    const isBad = Math.floor(((row + 1) * bad) / rows) > Math.floor((row * bad) / rows);
    const name = `Department ${row % DEPARTMENTS}`;
    // Every other bad row has no amount, the rest one that is no number.
    const isEmpty = rejects.length % 2 === 0;
    const raw = isBad ? `${name},${isEmpty ? '' : `none ${row}`}` : `${name},${row}`;
    const reason = isEmpty ? RejectReason.EMPTY_AMOUNT : RejectReason.AMOUNT_NOT_A_NUMBER;
    if (isBad) rejects.push(describeReject({ line: BigInt(row + 2), byteOffset: BigInt(byteOffset), reason, raw }));
    lines.push(`${raw}\n`);
    byteOffset += raw.length + 1;
  }
  return { csv: Buffer.from(lines.join('')), rejects, goodRows: rows - bad };
}

/** How many rows, and how many of them are bad. */
export const DENSE_REJECTS = [
  [20_000, 20_000],
  [60_000, 30_022],
  [200_036, 200_036],
] as const;

/** The rows of a CSV of rejected rows, as {@link describeReject} gives them. */
export function readRejects(csv: string): string[] {
  const records: string[][] = parse(csv, { from: 2 });
  return records.map(([line = '', byteOffset = '', name = '', raw = '']) => {
    const reason = RejectReason[name as keyof typeof RejectReason];
    return describeReject({ line: BigInt(line), byteOffset: BigInt(byteOffset), reason, raw });
  });
}

/** All that ListRejects gives of a job, page by page. */
export async function listedRejects(url: string, jobId: string): Promise<string[]> {
  const listed: string[] = [];
  let pageToken = '';
  do {
    const page = await gatewayClient(url).listRejects({ jobId, pageSize: 1000, pageToken });
    listed.push(...page.rejects.map(describeReject));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return listed;
}
