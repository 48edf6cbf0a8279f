import { Lanes } from '../lanes.ts';

/** Requests that are begun before the server looks at its sockets again. */
const STARTS_A_TURN = 32;

/** A stream of HTTP/2 that waits to be served. */
interface Start {
  /** Whether its client has taken it back. */
  isGone(): boolean;
  begin(): void;
}

/**
 * Begins the requests of HTTP/2 connections in turns, one of each connection. Streams come by the thousand in one packet,
 * and may be taken back in the same one (CVE-2023-44487): what is gone by its turn was never begun, and a connection with
 * many requests holds up its own.
 */
export class StreamStarts extends Lanes<object, Start> {
  /** @param later does something when everything that has come was looked at */
  constructor(later: (work: () => void) => void = setImmediate) {
    super({ serve: beginNext, later, perTurn: STARTS_A_TURN });
  }
}

/** Begins the first that is still wanted. @returns whether there was one */
function beginNext(waiting: Start[]): boolean {
  const wanted = waiting.findIndex((start) => !start.isGone());
  const passed = waiting.splice(0, wanted < 0 ? waiting.length : wanted + 1);
  if (wanted >= 0) passed.at(-1)?.begin();
  return wanted >= 0;
}
