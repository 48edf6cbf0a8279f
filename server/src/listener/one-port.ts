import {
  createServer as createHttp1Server,
  type Server as Http1Server,
  type IncomingHttpHeaders,
  type RequestListener,
} from 'node:http';
import * as http2 from 'node:http2';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Starts } from '../queue/starts.ts';
import { ConnectionPlaces } from './connection-places.ts';
import { limitIdleness } from './idle-sessions.ts';
import { OpenConnections } from './open-connections.ts';
import { ResetBudget } from './reset-budget.ts';
import { limitStalls } from './stalled-requests.ts';
import { TIMEOUTS, type Timeouts } from './timeouts.ts';

/** Serves requests of HTTP/1.1 and HTTP/2 alike. */
export type RequestHandler = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void;

/** A listening socket that speaks everything. `close` is bounded: requests that do not end in time are cut off. */
export interface Listener {
  readonly server: Server;
  /** Stops accepting, lets running requests end, and cuts off what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * The default window of 64 KiB makes a sender wait for the network's round trip every 64 KiB. One megabyte keeps a
 * stream moving, and is what a stream that nobody reads can hold in memory.
 */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;
/** Node ends a session with ENHANCE_YOUR_CALM beyond this; its default of 10 MB is less than the windows above. */
const SESSION_MEMORY_MB = 256;
/** Many systems allow a process 4096 open files, and each upload takes two beside its connection. */
const MAX_CONNECTIONS = 2_000;
/**
 * Requests of HTTP/2 that are begun before the server looks at its sockets again, one of each connection in turn. Streams
 * come by the thousand in one packet, and may be taken back in the same one (CVE-2023-44487): those are never begun.
 */
const STARTS_A_TURN = 4;
/** A client that has vanished without a word is noticed by TCP's own probes, which begin after this. */
const KEEP_ALIVE_DELAY_MS = 60_000;
/** The first bytes of an HTTP/2 client: RFC 9113 §3.4. Its first bytes are no method of HTTP/1.1. */
const HTTP2_PREFACE = 'PRI';

const HTTP2_OPTIONS = {
  settings: { initialWindowSize: STREAM_WINDOW_BYTES, maxConcurrentStreams: 1000 },
  maxSessionMemory: SESSION_MEMORY_MB,
  // A connection whose client takes back more streams is ended with ENHANCE_YOUR_CALM (CVE-2023-44487): nghttp2's own
  // figures, https://nghttp2.org/documentation/nghttp2_option_set_stream_reset_rate_limit.html
  streamResetBurst: 1000,
  streamResetRate: 33,
} satisfies http2.ServerOptions;

const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS };

/** Uploads take as long as they take: only the header has a time limit. By default Node cuts a request after 300 s. */
const http1Options = ({ openingMs, headerCheckMs }: Timeouts) => ({
  requestTimeout: 0,
  headersTimeout: openingMs,
  connectionsCheckingInterval: headerCheckMs,
});

/** Decides which connections get a place. */
export interface Admission {
  /** Whether a request with these headers is from a caller that is let in. */
  isLetIn(headers: IncomingHttpHeaders): boolean;
  maxConnections?: number;
}

const EVERYBODY: Admission = { isLetIn: () => true };

/** HTTP/1.1 and HTTP/2 on one port: with TLS by ALPN, without by the first bytes that a client sends. */
export function createListener(
  handler: RequestHandler,
  tls?: { cert: Buffer; key: Buffer },
  timeouts: Timeouts = TIMEOUTS,
  { isLetIn, maxConnections = MAX_CONNECTIONS }: Admission = EVERYBODY,
): Listener {
  const connections = new OpenConnections();
  const places = new ConnectionPlaces(maxConnections, isLetIn);
  const starts = new Starts<object>({ later: setImmediate, perTurn: STARTS_A_TURN });
  const resets = new ResetBudget();
  const limited: RequestHandler = (request, response) => {
    if (isBehindLastAnswer(request)) return;
    // The reader of a body hears of its end otherwise too. connect-node takes its listener away before the error of a
    // client that has gone is raised, which would end the process.
    request.on('error', () => {});
    const begin = () => {
      limitStalls(request as never, response as never, timeouts.stallMs);
      handler(request, response);
    };
    response.once('close', places.begin(request.socket, request.headers));
    const { stream } = request;
    if (!stream) {
      begin();
      return;
    }
    const { session } = stream;
    closeWithClient(stream);
    stream.once('aborted', () => limitResets(session, resets));
    starts.add(session ?? stream, { isGone: () => stream.destroyed || stream.aborted, begin });
  };
  const server = tls
    ? createTlsServer(limited, tls, { connections, places, timeouts })
    : createPlainServer(limited, { connections, places, timeouts });
  server.prependListener('connection', (socket: Socket) => {
    connections.add(socket);
    if (!places.take(socket)) socket.destroy();
  });
  return { server, close: (graceMs) => connections.close(server, graceMs) };
}

/** The parts that connections have in common. */
interface Parts {
  connections: OpenConnections;
  places: ConnectionPlaces;
  timeouts: Timeouts;
}

function createTlsServer(
  handler: RequestHandler,
  tls: { cert: Buffer; key: Buffer },
  { connections, places, timeouts }: Parts,
): Server {
  const server = http2.createSecureServer(
    {
      ...HTTP2_OPTIONS,
      ...http1Options(timeouts),
      ...SOCKET_OPTIONS,
      ...tls,
      allowHTTP1: true,
      handshakeTimeout: timeouts.openingMs,
    },
    handler,
  );
  server.on('checkContinue', handler);
  server.on('session', (session) => useSession(session, { connections, places, timeouts }));
  server.on('secureConnection', (socket: TLSSocket) => connections.add(socket));
  return server as unknown as Server;
}

function createPlainServer(handler: RequestHandler, { connections, places, timeouts }: Parts): Server {
  const http1 = createHttp1Server(http1Options(timeouts), asHttp1(handler));
  http1.on('checkContinue', asHttp1(handler));
  const h2c = http2.createServer(HTTP2_OPTIONS, handler);
  h2c.on('checkContinue', handler);
  h2c.on('session', (session) => useSession(session, { connections, places, timeouts }));
  const server = createTcpServer(SOCKET_OPTIONS, (socket) => {
    socket.on('error', () => socket.destroy());
    sniff(socket, timeouts.openingMs, (isHttp2) => handOver(isHttp2 ? h2c : http1, socket));
  });
  // Node looks for late headers only in a server that listens, as this one does through the other.
  server.on('listening', () => http1.emit('listening'));
  server.on('close', () => http1.close());
  connections.closeIdle = () => http1.closeIdleConnections();
  return server;
}

/** The compatibility API of http2 has the methods of http's requests and responses that are used here. */
function asHttp1(handler: RequestHandler): RequestListener {
  return handler as unknown as RequestListener;
}

/** Whether the client was told before that the connection ends: later bytes are dropped. */
function isBehindLastAnswer({ httpVersionMajor, socket }: http2.Http2ServerRequest): boolean {
  return httpVersionMajor < 2 && socket.writableEnded;
}

/**
 * Node leaves a stream with something to send open for ever if its client resets it without an error code, even when the
 * connection has gone: nobody would hear that, and files and watchers would pile up.
 */
function closeWithClient(stream: http2.ServerHttp2Stream): void {
  stream.once('aborted', () => process.nextTick(() => stream.destroy()));
}

/** Ends the connection of a client whose address has taken back too many streams. */
function limitResets(session: http2.Http2Session | undefined, resets: ResetBudget): void {
  if (!session || session.destroyed) return;
  const isAllowed = resets.spend(session.socket.remoteAddress ?? '', performance.now());
  if (!isAllowed) session.destroy(undefined, http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
}

function useSession(session: http2.ServerHttp2Session, { connections, places, timeouts }: Parts): void {
  session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
  session.on('error', () => session.destroy());
  connections.addSession(session);
  const peer = { remoteAddress: session.socket.remoteAddress, remotePort: session.socket.remotePort };
  limitIdleness(session, timeouts, () => places.isKnown(peer));
}

/** Waits for a socket's first bytes, and puts them back for the server that gets the socket. */
function sniff(socket: Socket, timeoutMs: number, decide: (isHttp2: boolean) => void): void {
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  let first = Buffer.alloc(0);
  const onReadable = () => {
    const bytes: Buffer | null = socket.read();
    if (!bytes) return;
    first = Buffer.concat([first, bytes]);
    const start = first.toString('latin1', 0, HTTP2_PREFACE.length);
    // Two bytes of the preface tell nothing yet.
    if (start.length < HTTP2_PREFACE.length && HTTP2_PREFACE.startsWith(start)) return;
    socket.unshift(first);
    stop();
    decide(start === HTTP2_PREFACE);
  };
  const stop = () => {
    clearTimeout(timer);
    socket.off('readable', onReadable);
    socket.off('close', stop);
  };
  socket.on('readable', onReadable);
  socket.on('close', stop);
}

function handOver(server: Http1Server | http2.Http2Server, socket: Socket): void {
  server.emit('connection', socket);
  // The 'readable' listener had stopped the flow; HTTP/1.1's parser waits for 'data'.
  socket.resume();
}
