import * as http2 from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';

type SessionManager = NonNullable<Parameters<typeof createGrpcTransport>[0]['sessionManager']>;

type State =
  | { kind: 'idle' }
  | { kind: 'connecting'; session: Promise<http2.ClientHttp2Session> }
  | { kind: 'open'; session: http2.ClientHttp2Session };

/** A processor that does not answer the TCP handshake within this counts as not there. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that answers no ping in this time is dead. */
const PING_INTERVAL_MS = 15_000;
const PING_TIMEOUT_MS = 15_000;

/**
 * One HTTP/2 connection to a processor, made when it is needed and again after it was lost.
 *
 * connect-node has a session manager of its own, but a connection of it that is idle when the other side says goodbye
 * raises an uncaught exception (connectrpc/connect-es#1768), which would take the gateway along with any processor
 * that restarts.
 */
export class ProcessorConnection implements SessionManager {
  readonly authority: string;
  readonly #socketPath: string | undefined;
  readonly #credentials: http2.OutgoingHttpHeaders;
  #state: State = { kind: 'idle' };

  /** @param url `http:`, `https:` or `unix:/path/to/socket`; with the processor's key as in `https://:KEY@host` */
  constructor(url: string) {
    const { protocol, pathname, origin, username, password } = new URL(url);
    const key = decodeURIComponent(password || username);
    this.#credentials = key === '' ? {} : { authorization: `Bearer ${key}` };
    this.#socketPath = protocol === 'unix:' ? pathname : undefined;
    this.authority = protocol === 'unix:' ? 'http://processor' : origin;
  }

  /** A gRPC transport over this connection. */
  createTransport(): Transport {
    return createGrpcTransport({ baseUrl: this.authority, sessionManager: this });
  }

  async request(
    method: string,
    path: string,
    headers: http2.OutgoingHttpHeaders,
    options: Omit<http2.ClientSessionRequestOptions, 'signal'>,
  ): Promise<http2.ClientHttp2Stream> {
    const session = await this.#connect();
    return session.request({ ...headers, ...this.#credentials, ':method': method, ':path': path }, options);
  }

  /** Pings tell whether the connection lives, so there is nothing to do here. */
  notifyResponseByteRead(): void {}

  /** Ends the connection with all its calls. */
  close(): void {
    if (this.#state.kind === 'open') this.#state.session.destroy();
    this.#state = { kind: 'idle' };
  }

  async #connect(): Promise<http2.ClientHttp2Session> {
    if (this.#state.kind === 'open') {
      const { session } = this.#state;
      if (!session.closed && !session.destroyed) return session;
    }
    if (this.#state.kind === 'connecting') return this.#state.session;
    const connecting = this.#open();
    this.#state = { kind: 'connecting', session: connecting };
    try {
      const session = await connecting;
      this.#state = { kind: 'open', session };
      return session;
    } catch (error) {
      this.#state = { kind: 'idle' };
      throw error;
    }
  }

  #open(): Promise<http2.ClientHttp2Session> {
    const { promise, resolve, reject } = Promise.withResolvers<http2.ClientHttp2Session>();
    const socketPath = this.#socketPath;
    const session = http2.connect(this.authority, {
      maxSessionMemory: 256,
      ...(socketPath !== undefined && { createConnection: () => connectSocket(socketPath) }),
    });
    const timer = setTimeout(() => session.destroy(new Error('timed out')), CONNECT_TIMEOUT_MS);
    session.on('connect', () => resolve(session));
    // It must have a listener as long as it lives: an error of an idle session would be uncaught.
    session.on('error', (cause) => {
      // Its text names a path or an address: it is for the log, as the cause.
      reject(new ConnectError('the processor cannot be reached', Code.Unavailable, {}, [], cause));
    });
    session.on('close', () => {
      clearTimeout(timer);
      reject(new ConnectError('the processor closed the connection', Code.Unavailable));
    });
    promise.then(
      () => {
        clearTimeout(timer);
        keepAlive(session);
      },
      () => {},
    );
    return promise;
  }
}

function keepAlive(session: http2.ClientHttp2Session): void {
  let isAnswered = true;
  const timer = setInterval(
    () => {
      if (!isAnswered) return session.destroy(new Error('the processor does not answer'));
      isAnswered = false;
      session.ping(() => (isAnswered = true));
    },
    Math.max(PING_INTERVAL_MS, PING_TIMEOUT_MS),
  );
  timer.unref();
  session.on('close', () => clearInterval(timer));
}
