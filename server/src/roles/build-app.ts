import { TIMEOUTS } from '../listener/timeouts.ts';
import type { Log } from '../log.ts';
import type { App } from './app.ts';
import type { Config } from './config.ts';

/** Builds the server for a role; only `main` listens. A processor does not load what only a gateway needs. */
export async function buildApp(config: Config, log: Log, timeouts = TIMEOUTS): Promise<App> {
  if (config.role === 'processor') return (await import('./processor.ts')).buildProcessor(config, log, timeouts);
  return await (await import('./gateway.ts')).buildGateway(config, log, timeouts);
}
