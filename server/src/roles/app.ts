import { readFileSync } from 'node:fs';
import type { Listener } from '../listener/one-port.ts';
import type { Config } from './config.ts';

/** A server that does not listen yet. */
export interface App {
  listener: Listener;
  /** Ends all work, telling connected clients, within a few seconds. */
  close(): Promise<void>;
}

/** The time for requests to finish when the server stops. */
export const GRACE_MS = 3_000;

/** The certificate and its key; undefined for a server without TLS. */
export function readTls({ tls }: Config): { cert: Buffer; key: Buffer } | undefined {
  return tls && { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) };
}
