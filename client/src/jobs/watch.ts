import { Code, ConnectError } from '@connectrpc/connect';
import type { WatchJobsResponse } from '#gen/tallystream/v1/gateway_pb.ts';
import { backoffMs } from './backoff.ts';

/** How the watch stands. `denied` means that the server answers but does not accept the page. */
export type WatchStatus = 'connecting' | 'live' | 'lost' | 'denied';

/** The settings of a watch. */
export interface WatchOptions {
  /** Opens the stream. */
  open: (signal: AbortSignal) => AsyncIterable<WatchJobsResponse>;
  /** Takes every message but heartbeats. */
  onEvent: (event: WatchJobsResponse['event']) => void;
  /** Takes every change of the status. */
  onStatus: (status: WatchStatus) => void;
  /** A number from 0 to 1; for tests. */
  random?: () => number;
}

/** A running watch. */
export interface Watch {
  /** Connects at once if the connection is down or has been silent; does nothing if it is well. */
  wake(): void;
  /** Closes the stream and opens another one at once. */
  restart(): void;
  /** Ends the watch. */
  stop(): void;
}

/** The server sends a heartbeat every 15 s. After three missed ones the stream is dead, whatever the socket says. */
export const silenceMs = 45_000;

/**
 * Watches jobs until it is stopped: opens the stream, hands on its messages, and opens it again whenever it ends, fails
 * or falls silent. The first message after every opening is a snapshot, so nothing is missed in between.
 *
 * @example
 * const watch = makeWatch({ open: (signal) => gateway.watchJobs({}, { signal }), onEvent, onStatus });
 * addEventListener('online', watch.wake);
 */
export function makeWatch({ open, onEvent, onStatus, random }: WatchOptions): Watch {
  let stopped = false;
  let isRestarting = false;
  let status: WatchStatus = 'connecting';
  let stream: AbortController | undefined;
  let lastMessageMs = performance.now();
  let endWait: (() => void) | undefined;

  function setStatus(next: WatchStatus): void {
    if (next === status || stopped) return;
    status = next;
    onStatus(next);
  }

  async function readOnce(): Promise<void> {
    const mine = new AbortController();
    stream = mine;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(silence);
      lastMessageMs = performance.now();
      silence = setTimeout(() => mine.abort(), silenceMs);
    };
    listen();
    try {
      for await (const { event } of open(mine.signal)) {
        if (mine.signal.aborted) return;
        listen();
        setStatus('live');
        if (event.case !== undefined && event.case !== 'heartbeat') onEvent(event);
      }
    } finally {
      clearTimeout(silence);
      mine.abort();
    }
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    let attempt = 0;
    while (!stopped) {
      let denied = false;
      try {
        await readOnce();
      } catch (error) {
        const { code } = ConnectError.from(error);
        denied = code === Code.Unauthenticated || code === Code.PermissionDenied;
      }
      if (stopped) return;
      if (status === 'live') attempt = 0;
      if (isRestarting) {
        isRestarting = false;
        setStatus('connecting');
        continue;
      }
      setStatus(denied ? 'denied' : 'lost');
      await wait(backoffMs(attempt++, random));
      endWait = undefined;
    }
  }

  void run();
  return {
    wake() {
      if (endWait !== undefined) endWait();
      else if (performance.now() - lastMessageMs >= silenceMs) stream?.abort();
    },
    restart() {
      if (endWait !== undefined) return endWait();
      isRestarting = true;
      stream?.abort();
    },
    stop() {
      stopped = true;
      stream?.abort();
      endWait?.();
    },
  };
}
