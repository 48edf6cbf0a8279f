import type { Reject, Total } from '#gen/tallystream/v1/processor_pb.ts';
import type { JobStore, TotalsQuery } from '../store/job-store.ts';
import type { Reader } from '../store/sqlite-calls.ts';

/** Departments that are fetched at once: few enough to hold, many enough that a million take a hundred calls. */
const PAGE_SIZE = 10_000;
const REJECTS_PAGE_SIZE = 1_000;

/** Which totals are wanted, in which order. */
export type TotalsSelection = Pick<TotalsQuery, 'orderBy' | 'descending' | 'search'>;

/** The totals of a result, page by page. */
export async function* totalsPages(
  store: JobStore,
  resultId: number,
  selection: TotalsSelection,
  reader: Reader,
): AsyncGenerator<Total[]> {
  const list = (pageToken: string) =>
    store.listTotals(resultId, { ...selection, keys: [], pageSize: PAGE_SIZE, pageToken }, reader);
  for await (const { totals } of pages(list)) yield totals;
}

/** The rejected rows of a result in the order of the file, page by page. */
export async function* rejectsPages(store: JobStore, resultId: number, reader: Reader): AsyncGenerator<Reject[]> {
  const list = (pageToken: string) =>
    store.listRejects(resultId, { reasons: [], pageSize: REJECTS_PAGE_SIZE, pageToken }, reader);
  for await (const { rejects } of pages(list)) yield rejects;
}

/** All pages of a list. */
async function* pages<P extends { nextPageToken: string }>(list: (pageToken: string) => Promise<P>): AsyncGenerator<P> {
  let pageToken = '';
  do {
    const page = await list(pageToken);
    yield page;
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}
