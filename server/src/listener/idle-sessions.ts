import type { ServerHttp2Session } from 'node:http2';
import type { Timeouts } from './timeouts.ts';

/** Ends an HTTP/2 connection that does not get started, or on which nothing has run or come for long. */
export function limitIdleness(session: ServerHttp2Session, { openingMs, idleSessionMs }: Timeouts): void {
  const opening = setTimeout(() => session.destroy(), openingMs);
  // SETTINGS follow the preface: RFC 9113 §3.4.
  session.once('remoteSettings', () => clearTimeout(opening));
  session.once('close', () => clearTimeout(opening));
  let streams = 0;
  session.on('stream', (stream) => {
    streams++;
    stream.once('close', () => streams--);
  });
  session.setTimeout(idleSessionMs);
  // To be destroyed says goodbye too, and does not wait for an answer as `close` does.
  session.on('timeout', () => {
    if (streams === 0) session.destroy();
    else session.setTimeout(idleSessionMs);
  });
}
