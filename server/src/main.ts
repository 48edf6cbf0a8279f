/** The process: configuration, listening, signals, the end. Nothing else listens. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { keepHeapCollected } from './heap-collection.ts';
import { createLog } from './log.ts';
import { makeNewFilesPrivate } from './private-files.ts';
import type { App } from './roles/app.ts';
import { buildApp } from './roles/build-app.ts';
import { type Config, ConfigError, helpText, readConfig } from './roles/config.ts';

/**
 * Connections that wait to be accepted: Node accepts one in a turn of its event loop, and one that finds no place comes
 * again after a second.
 */
const BACKLOG = 4_096;

/** After this the process ends whatever still hangs on. */
const STOP_DEADLINE_MS = 10_000;

/** The time for the parent of a processor to bring its jobs to a checkpoint and to stop the processor itself. */
const PARENT_FIRST_MS = 4_000;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(helpText());
    return;
  }
  makeNewFilesPrivate();
  const config = readConfig(process.env);
  const log = createLog(config.logLevel, config.role);
  const app = await buildApp(config, log);
  await listen(app, config);
  keepHeapCollected();
  // A signal for the whole group reaches the child of a gateway too, which its parent still needs for a moment.
  const delayMs = process.send ? PARENT_FIRST_MS : 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => setTimeout(() => void stop(app), delayMs));
  }
  // Its parent waits for this word, and it ends when the parent is gone, however that happened.
  if (process.send) {
    process.send('listening');
    process.once('disconnect', () => void stop(app));
  } else {
    process.stdout.write(`Tallystream is listening on ${addressOf(app, config)}\n`);
  }
}

async function listen({ listener: { server } }: App, { host, port, socketPath }: Config): Promise<void> {
  const listening = once(server, 'listening');
  if (socketPath) server.listen(socketPath);
  else server.listen({ port, host, backlog: BACKLOG });
  await listening;
}

function addressOf({ listener: { server } }: App, { host, tls, socketPath }: Config): string {
  if (socketPath) return `unix:${socketPath}`;
  const { port } = server.address() as AddressInfo;
  return `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function stop(app: App): Promise<void> {
  setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
  await app.close();
  process.exit(0);
}

try {
  await main();
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else if (code === 'EADDRINUSE')
    process.stderr.write(`Port ${process.env['PORT'] ?? 8080} is in use: set PORT to another.\n`);
  else process.stderr.write(`Tallystream cannot start: ${(error as Error).message}\n`);
  process.exit(1);
}
