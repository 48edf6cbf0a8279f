/** Waits for the end of connections. */
import type { EventEmitter } from 'node:events';

/** Resolves when it is closed, after an error too: `once` of node:events would reject then. */
export function closed(connection: EventEmitter): Promise<void> {
  return new Promise((resolve) => connection.once('close', () => resolve()));
}
