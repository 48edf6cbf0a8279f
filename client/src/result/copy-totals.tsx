import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { type OtherAmount, withAmount } from '../groups/amounts.ts';
import { texts } from '../texts.ts';
import { type CopiedTable, copiedColumns, copyTotals } from './copied-totals.ts';
import { CopyTable } from './copy-table.tsx';
import { columnHead, type ResultNames } from './result-names.ts';

const pageSize = 1000;
/** More than anybody pastes; a download has all of them. */
const mostRows = 10_000;

/** Copies totals as they are sorted and searched at the moment. */
export function CopyTotals(props: {
  jobId: string;
  /** The order as the server understands it. */
  orderBy: string;
  /** All totals that are found, in their order, where the page sorts them itself. */
  sorted: readonly Total[] | undefined;
  search: string;
  /** Which of several amounts is shown. */
  amount: number;
  /** The other amounts, each a column of sums. */
  others: readonly OtherAmount[];
  names: ResultNames;
}) {
  const { gateway } = useApp();
  let copied = '';

  async function fetchTotals(): Promise<{ totals: Total[]; totalSize: number }> {
    const totals: Total[] = [];
    const { jobId, orderBy, search, amount, sorted } = props;
    if (sorted !== undefined) return { totals: sorted.slice(0, mostRows), totalSize: sorted.length };
    for (let pageToken = ''; ; ) {
      const page = await gateway.listTotals({ jobId, orderBy, search, pageSize, pageToken });
      totals.push(...page.totals.map((total) => withAmount(total, amount)));
      pageToken = page.nextPageToken;
      if (pageToken === '' || totals.length >= mostRows) return { totals, totalSize: page.totalSize };
    }
  }

  async function table(): Promise<CopiedTable> {
    const { totals, totalSize } = await fetchTotals();
    const [rows, all] = [formatCount(totals.length), formatCount(totalSize)];
    copied = totals.length < totalSize ? texts.totals.copiedPart(rows, all) : texts.totals.copied(rows);
    const heads = copiedColumns.map((column) => columnHead(column, props.names));
    return copyTotals(totals, heads, props.others);
  }

  return <CopyTable label={texts.totals.copy} table={table} copied={() => copied} />;
}
