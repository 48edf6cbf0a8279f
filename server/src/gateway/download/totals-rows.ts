import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import type { JobStore } from '../store/job-store.ts';

/** Departments that are fetched at once: few enough to hold, many enough that a million take a hundred calls. */
const PAGE_SIZE = 10_000;

/** The totals of a result, page by page, sorted by department in code point order. */
export async function* totalsPages(store: JobStore, resultId: number): AsyncGenerator<Total[]> {
  let pageToken = '';
  do {
    const query = { orderBy: 'department', descending: false, search: '', pageSize: PAGE_SIZE, pageToken } as const;
    const page = await store.listTotals(resultId, query);
    yield page.totals;
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}
