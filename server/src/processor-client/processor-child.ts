import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../log.ts';
import { MALLOC_SETTINGS } from '../malloc-settings.ts';

const SOCKET_NAME = 'processor.sock';
/** `sun_path` has 108 bytes on Linux and 104 on macOS, with a zero at the end: unix(7). */
const MAX_SOCKET_PATH_BYTES = 103;
const MIN_RESTART_MS = 100;
const MAX_RESTART_MS = 5_000;
/** A processor that lived this long has started well: the next restart is quick again. */
const HEALTHY_MS = 10_000;
/** The time that a processor may take to end by itself. */
const STOP_MS = 8_000;

/** A Node.js that runs TypeScript, and what it is started with. */
export interface NodeCommand {
  path: string;
  options: readonly string[];
}

/** The one that runs this process. */
const THIS_NODE: NodeCommand = { path: process.execPath, options: process.execArgv };

/**
 * A processor as a child of this process on a socket that only this user reaches. It is started again whenever it dies,
 * and ends with this process even if that is killed: its channel to the parent closes.
 */
export class ProcessorChild {
  /** The `unix:` URL of its socket. */
  readonly url: string;
  readonly #directory: string;
  readonly #socketPath: string;
  readonly #environment: Record<string, string>;
  readonly #log: Log;
  readonly #node: NodeCommand;
  #child: ChildProcess | undefined;
  #restartMs = MIN_RESTART_MS;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  /**
   * @param dataDir where its socket lies, in a folder that only this user may enter
   * @param environment settings for the processor; nothing else is handed on but PATH and the like
   */
  constructor(dataDir: string, environment: Record<string, string>, log: Log, node: NodeCommand = THIS_NODE) {
    this.#node = node;
    this.#environment = environment;
    this.#log = log;
    this.#directory = socketDirectory(dataDir);
    this.#socketPath = join(this.#directory, SOCKET_NAME);
    this.url = `unix:${this.#socketPath}`;
  }

  /** Starts it; resolves when it listens, or has failed to and will be tried again. */
  async start(): Promise<void> {
    const startedAt = performance.now();
    rmSync(this.#socketPath, { force: true });
    const { path, options } = this.#node;
    const child = spawn(path, [...options, fileURLToPath(new URL('../main.ts', import.meta.url))], {
      env: {
        ...MALLOC_SETTINGS,
        ...withoutSettings(process.env),
        ...this.#environment,
        ROLE: 'processor',
        LISTEN_SOCKET: this.#socketPath,
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    const { promise, resolve } = Promise.withResolvers<void>();
    let hasEnded = false;
    const onEnd = (code: number | null, signal: string | null) => {
      // A process that cannot be started has an error and perhaps an exit.
      if (!hasEnded) this.#onExit(startedAt, code, signal);
      hasEnded = true;
      resolve();
    };
    child.on('error', (err) => {
      this.#log.error({ err }, 'the processor cannot be started or reached');
      if (child.pid === undefined) onEnd(null, null);
    });
    child.on('exit', onEnd);
    child.once('message', () => resolve());
    await promise;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      if (child.connected) child.disconnect();
      else child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(timer);
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #onExit(startedAt: number, code: number | null, signal: string | null): void {
    if (this.#isStopping) return;
    if (performance.now() - startedAt > HEALTHY_MS) this.#restartMs = MIN_RESTART_MS;
    this.#log.error({ code, signal, restartInMs: this.#restartMs }, 'the processor died and is started again');
    this.#timer = setTimeout(() => void this.start(), this.#restartMs);
    this.#restartMs = Math.min(this.#restartMs * 2, MAX_RESTART_MS);
  }
}

/** A folder of one's own in the data folder; in the temporary one if that path is too long for a socket. */
function socketDirectory(dataDir: string): string {
  const directory = resolve(dataDir, 'run');
  if (Buffer.byteLength(join(directory, SOCKET_NAME)) > MAX_SOCKET_PATH_BYTES) {
    return mkdtempSync(join(tmpdir(), 'tallystream-'));
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** The gateway's own settings are not the processor's: it needs no keys, no port, no folder. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = new Set(['HOST', 'PORT', 'API_KEYS', 'TLS_CERT', 'TLS_KEY', 'DATA_DIR', 'PROCESSOR_URL', 'CORS_ORIGINS']);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.has(name)));
}
