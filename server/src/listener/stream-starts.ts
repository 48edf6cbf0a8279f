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
export class StreamStarts {
  readonly #waiting = new Map<object, Start[]>();
  readonly #later: (work: () => void) => void;
  #isRunning = false;

  /** @param later does something when everything that has come was looked at */
  constructor(later: (work: () => void) => void = setImmediate) {
    this.#later = later;
  }

  add(connection: object, start: Start): void {
    const waiting = this.#waiting.get(connection);
    if (waiting) waiting.push(start);
    else this.#waiting.set(connection, [start]);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#later(() => this.#turn());
  }

  #turn(): void {
    for (let begun = 0; begun < STARTS_A_TURN; ) {
      const [next] = this.#waiting;
      if (!next) break;
      const [connection, waiting] = next;
      this.#waiting.delete(connection);
      const first = waiting.findIndex((start) => !start.isGone());
      if (first < 0) continue;
      const rest = waiting.slice(first + 1);
      // Behind the other connections.
      if (rest.length > 0) this.#waiting.set(connection, rest);
      begun++;
      waiting[first]?.begin();
    }
    this.#isRunning = this.#waiting.size > 0;
    if (this.#isRunning) this.#later(() => this.#turn());
  }
}
