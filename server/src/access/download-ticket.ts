import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Gate } from './api-keys.ts';

/** A browser sends this with a download that it starts itself, where no header can be set and no key should be in the URL. */
const COOKIE = 'tallystream-ticket';
/** Long enough to click on a few downloads; a longer one that has begun goes on. */
const TICKET_S = 300;
const TICKET = /^(([^.]+)\.(\d+))\.([\w-]+)$/;

/** Issues and checks tickets: a holder has the rights of the owner, for a few minutes, while this process runs. */
export class Tickets {
  readonly #secret = randomBytes(32);
  readonly #now: () => number;

  /** @param now the time in milliseconds, by a clock that nobody sets back: a ticket would be good for longer */
  constructor(now: () => number = () => Math.floor(performance.now())) {
    this.#now = now;
  }

  /** Makes a ticket: owner, time of expiry in milliseconds, signature. */
  issue(owner: string): string {
    const claim = `${owner}.${this.#now() + TICKET_S * 1000}`;
    return `${claim}.${this.#sign(claim).toString('base64url')}`;
  }

  /** The owner of a ticket; undefined for one that was not issued here, or has expired. */
  ownerOf(ticket: string): string | undefined {
    const [, claim = '', owner, expiry, signature = ''] = TICKET.exec(ticket) ?? [];
    const [right, shown] = [this.#sign(claim), Buffer.from(signature, 'base64url')];
    if (shown.length !== right.length || !timingSafeEqual(shown, right)) return undefined;
    return Number(expiry) > this.#now() ? owner : undefined;
  }

  #sign(claim: string): Buffer {
    return createHmac('sha256', this.#secret).update(claim).digest();
  }
}

/** Lets in callers with a key or a ticket. Only for reading routes: a cookie comes with unintended requests too. */
export function orTicket(gate: Gate, tickets: Tickets): Gate {
  return (headers) => {
    const caller = gate(headers);
    if (caller) return caller;
    for (const pair of (headers.cookie ?? '').split(';')) {
      const [name, ticket = ''] = pair.trim().split('=');
      const owner = name === COOKIE ? tickets.ownerOf(ticket) : undefined;
      if (owner !== undefined) return { owner };
    }
    return undefined;
  };
}

/** The value of `Set-Cookie` that gives a browser a ticket. */
export function cookieOf(ticket: string, isSecure: boolean): string {
  const attributes = `HttpOnly; SameSite=Strict; Path=/jobs; Max-Age=${TICKET_S}`;
  return `${COOKIE}=${ticket}; ${attributes}${isSecure ? '; Secure' : ''}`;
}
