import type { Http2Session } from 'node:http2';
import type { Server, Socket } from 'node:net';

/** Between two looks for connections of HTTP/1.1 that have nothing more to do. */
const IDLE_CHECK_MS = 50;

/** The connections of a server, so that stopping can be bounded: http2's own `close` waits for live sessions. */
export class OpenConnections {
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<Http2Session>();

  /** Closes connections of HTTP/1.1 that are only kept alive. */
  closeIdle: () => void = () => {};

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  addSession(session: Http2Session): void {
    this.#sessions.add(session);
    session.on('close', () => this.#sessions.delete(session));
  }

  /** Closes the server; sessions may finish their streams, and after `graceMs` every socket is destroyed. */
  async close(server: Server, graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of this.#sessions) session.close();
    const idle = setInterval(() => this.closeIdle(), IDLE_CHECK_MS);
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearInterval(idle);
    clearTimeout(timer);
  }
}
