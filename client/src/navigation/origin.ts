import { pathOf } from './route.ts';

/** Remembers in a new entry of the history from which page the reader came to it; an entry that is known keeps its own. */
export function rememberOrigin(hash: string): void {
  const state = (history.state ?? {}) as { origin?: string };
  if (state.origin === undefined) history.replaceState({ ...state, origin: hash }, '');
}

/**
 * Leaves a page for the one that it belongs to. A reader who came from there goes back in the history, to the same
 * place of that page; else that page takes the place of this one.
 */
export function returnTo(href: string): void {
  const { origin } = (history.state ?? {}) as { origin?: string };
  if (origin !== undefined && pathOf(origin) === href) history.back();
  else location.replace(href);
}
