import type { ServerHttp2Session } from 'node:http2';
import type { Timeouts } from './timeouts.ts';

/**
 * Ends an HTTP/2 connection that does not get started, or on which nothing has run or come for long.
 *
 * @param isKnown whether a request of it was from a caller that is let in, which may rest for longer
 */
export function limitIdleness(
  session: ServerHttp2Session,
  { openingMs, idleSessionMs, unknownSessionMs }: Timeouts,
  isKnown: () => boolean,
): void {
  const opening = setTimeout(() => session.destroy(), openingMs);
  // SETTINGS follow the preface: RFC 9113 §3.4.
  session.once('remoteSettings', () => clearTimeout(opening));
  session.once('close', () => clearTimeout(opening));
  let streams = 0;
  session.on('stream', (stream) => {
    streams++;
    stream.once('close', () => {
      streams--;
      restart();
    });
  });
  const restart = () => session.setTimeout(isKnown() ? idleSessionMs : unknownSessionMs);
  restart();
  // To be destroyed says goodbye too, and does not wait for an answer as `close` does.
  session.on('timeout', () => {
    if (streams === 0) session.destroy();
    else restart();
  });
}
