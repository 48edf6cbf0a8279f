/** A place in the app. It lives in the part of the address after `#`, since `/jobs/…` are files of the server. */
export type Route =
  | { page: 'home' }
  | { page: 'job'; id: string }
  | {
      page: 'ask';
      id: string;
      /** The question of the link, as `by=Region&of=Revenue`; empty for that of the job. */
      query: string;
    }
  | {
      page: 'compare';
      id: string;
      /** What it is compared with, and how; see `parseCompareView`. */
      query: string;
    }
  | { page: 'unknown' };

/** Reads a route from `location.hash`. How a result is looked at stands behind a `?`, and makes no other route. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#/, '');
  if (path === '' || path === '/') return { page: 'home' };
  const [, id, page, query = ''] = /^\/jobs\/([^/?]+)(?:\/(ask|compare))?\/?(?:\?(.*))?$/s.exec(path) ?? [];
  if (id === undefined) return { page: 'unknown' };
  try {
    const known = decodeURIComponent(id);
    return page === 'ask' || page === 'compare' ? { page, id: known, query } : { page: 'job', id: known };
  } catch {
    return { page: 'unknown' };
  }
}

/** An address without what stands behind its `?`. */
export function pathOf(hash: string): string {
  return hash.split('?', 1)[0] ?? '';
}

/** The link to the list of all files. */
export const homeHref = '#/';

/** The link to a job. */
export function jobHref(id: string): string {
  return `#/jobs/${encodeURIComponent(id)}`;
}

/** The link to another question about the file of a job. */
export function askHref(id: string): string {
  return `${jobHref(id)}/ask`;
}

/** The link to what the result of a job can be compared with. */
export function compareHref(id: string): string {
  return `${jobHref(id)}/compare`;
}

/** A file of a job's result on the server. */
export function resultHref(id: string, file: string): string {
  return `/jobs/${encodeURIComponent(id)}/${file}`;
}
