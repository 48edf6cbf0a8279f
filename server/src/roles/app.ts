import { readFileSync } from 'node:fs';
import type { Listener } from '../listener/one-port.ts';
import { TIMEOUTS } from '../listener/timeouts.ts';
import type { Log } from '../log.ts';
import type { Config } from './config.ts';

/** A server that does not listen yet. */
export interface App {
  listener: Listener;
  /** Ends all work, telling connected clients, within a few seconds. */
  close(): Promise<void>;
}

/** The time for requests to finish when the server stops. */
export const GRACE_MS = 3_000;

/** Builds the server for a role; only `main` listens. A processor does not load what only a gateway needs. */
export async function buildApp(config: Config, log: Log, timeouts = TIMEOUTS): Promise<App> {
  if (config.role === 'processor') return (await import('./processor.ts')).buildProcessor(config, log, timeouts);
  return await (await import('./gateway.ts')).buildGateway(config, log, timeouts);
}

export function readTls({ tls }: Config): { cert: Buffer; key: Buffer } | undefined {
  return tls && { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) };
}
