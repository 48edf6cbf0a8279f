import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';

/** A connection that has a place. */
interface Place {
  socket: Pick<Socket, 'destroy'>;
  address: string;
  /** Whether a request of it was from a caller that is let in. */
  isKnown: boolean;
  /** Requests that run. */
  running: number;
  /** When its last request ended, or when it came; by a clock that counts such events. */
  idleSince: number;
}

/** The part needed of a socket: TLS and HTTP/2 have others, with the same names, around the one that was accepted. */
type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/**
 * The places for connections. When all are taken, one that is needed least makes room for the next: first those that have
 * shown no key, then those on which nothing runs, then one of an address that has most of the places. So a client with
 * many connections takes places from itself. If every place is in use by somebody known, the new one is refused.
 */
export class ConnectionPlaces {
  readonly #places = new Map<string, Place>();
  readonly #most: number;
  readonly #isLetIn: (headers: IncomingHttpHeaders) => boolean;
  #clock = 0;

  /**
   * @param most how many there are
   * @param isLetIn whether a request with these headers is from somebody known
   */
  constructor(most: number, isLetIn: (headers: IncomingHttpHeaders) => boolean) {
    this.#most = most;
    this.#isLetIn = isLetIn;
  }

  get taken(): number {
    return this.#places.size;
  }

  /** Gives a connection a place. @returns whether there was one */
  take(socket: Peer & Pick<Socket, 'destroy' | 'once'>): boolean {
    const address = socket.remoteAddress ?? '';
    if (this.#places.size >= this.#most) {
      const least = this.#leastNeeded(address);
      if (!least) return false;
      this.#places.delete(least[0]);
      least[1].socket.destroy();
    }
    const name = nameOf(socket);
    const place = { socket, address, isKnown: false, running: 0, idleSince: this.#clock++ };
    this.#places.set(name, place);
    socket.once('close', () => {
      if (this.#places.get(name) === place) this.#places.delete(name);
    });
    return true;
  }

  /** Counts a request that has come. @returns a function to call when it has ended */
  begin(socket: Peer, headers: IncomingHttpHeaders): () => void {
    const place = this.#places.get(nameOf(socket));
    if (!place) return () => {};
    place.isKnown ||= this.#isLetIn(headers);
    place.running++;
    return () => {
      place.running--;
      place.idleSince = this.#clock++;
    };
  }

  /** Whether a request of a connection was from somebody known. */
  isKnown(socket: Peer): boolean {
    return this.#places.get(nameOf(socket))?.isKnown ?? false;
  }

  #leastNeeded(newAddress: string): [string, Place] | undefined {
    const places = [...this.#places];
    const unknown = places.filter(([, { isKnown }]) => !isKnown);
    return (
      longestIdle(unknown.filter(isIdle)) ??
      longestIdle(unknown) ??
      longestIdle(places.filter(isIdle)) ??
      this.#oneOfTheMany(places, newAddress)
    );
  }

  /** A connection of an address that has more than half of all places, and more than twice as many as the new one's. */
  #oneOfTheMany(places: [string, Place][], newAddress: string): [string, Place] | undefined {
    const counts = new Map<string, number>();
    for (const [, { address }] of places) counts.set(address, (counts.get(address) ?? 0) + 1);
    const own = counts.get(newAddress) ?? 0;
    return places.find(([, { address }]) => {
      const count = counts.get(address) ?? 0;
      return count > this.#most / 2 && count > 2 * (own + 1);
    });
  }
}

function nameOf({ remoteAddress, remotePort }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}

function isIdle([, { running }]: [string, Place]): boolean {
  return running === 0;
}

function longestIdle(places: [string, Place][]): [string, Place] | undefined {
  return places.reduce<[string, Place] | undefined>(
    (least, each) => (least && least[1].idleSince <= each[1].idleSince ? least : each),
    undefined,
  );
}
