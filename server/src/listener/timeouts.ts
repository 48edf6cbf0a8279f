/** How long clients may take, in milliseconds. Work that may take long (an upload, a watch) has no limit. */
export interface Timeouts {
  /** For the first byte, the TLS handshake, the header of a request, and the preface of HTTP/2 with its SETTINGS. */
  openingMs: number;
  /** Between two looks for headers of HTTP/1.1 that take too long. */
  headerCheckMs: number;
  /** For a body that is waited for, or an answer that is not read, to move at all. */
  stallMs: number;
  /** For an HTTP/2 connection on which nothing runs and nothing comes, pings included. */
  idleSessionMs: number;
  /** The same for one by which nobody has shown a key yet, on a server that wants one. */
  unknownSessionMs: number;
}

export const TIMEOUTS: Timeouts = {
  openingMs: 30_000,
  headerCheckMs: 10_000,
  // tus-js-client and curl wait as long as TCP does, so a client that was in a tunnel can go on.
  stallMs: 10 * 60_000,
  // More than the 15 minutes after which connect-node closes an idle connection itself: if the server is first, it raises
  // an uncaught exception there (connectrpc/connect-es#1768).
  idleSessionMs: 20 * 60_000,
  unknownSessionMs: 30_000,
};
