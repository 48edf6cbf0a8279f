/** A place in the app. It lives in the part of the address after `#`, since `/jobs/…` are files of the server. */
export type Route = { page: 'home' } | { page: 'job'; id: string } | { page: 'unknown' };

/** Reads a route from `location.hash`. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#/, '');
  if (path === '' || path === '/') return { page: 'home' };
  const id = /^\/jobs\/([^/?]+)\/?$/.exec(path)?.[1];
  if (id === undefined) return { page: 'unknown' };
  try {
    return { page: 'job', id: decodeURIComponent(id) };
  } catch {
    return { page: 'unknown' };
  }
}

/** The link to the list of all files. */
export const homeHref = '#/';

/** The link to a job. */
export function jobHref(id: string): string {
  return `#/jobs/${encodeURIComponent(id)}`;
}

/** A file of a job's result on the server. */
export function resultHref(id: string, file: string): string {
  return `/jobs/${encodeURIComponent(id)}/${file}`;
}
