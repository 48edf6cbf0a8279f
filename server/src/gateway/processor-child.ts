import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../log.ts';

const MIN_RESTART_MS = 100;
const MAX_RESTART_MS = 5_000;
/** A processor that lived this long has started well: the next restart is quick again. */
const HEALTHY_MS = 10_000;
/** What a processor may take to end by itself. */
const STOP_MS = 8_000;

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
  #child: ChildProcess | undefined;
  #restartMs = MIN_RESTART_MS;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  /** @param environment settings for the processor; nothing else is handed on but PATH and the like */
  constructor(environment: Record<string, string>, log: Log) {
    this.#environment = environment;
    this.#log = log;
    // Not in DATA_DIR: the path of a socket may have 107 bytes only.
    this.#directory = mkdtempSync(join(tmpdir(), 'tallystream-'));
    this.#socketPath = join(this.#directory, 'processor.sock');
    this.url = `unix:${this.#socketPath}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it; resolves when it listens, or has failed to and will be tried again. */
  async start(): Promise<void> {
    const startedAt = Date.now();
    rmSync(this.#socketPath, { force: true });
    const child = spawn(
      process.execPath,
      [...process.execArgv, fileURLToPath(new URL('../main.ts', import.meta.url))],
      {
        env: {
          ...withoutSettings(process.env),
          ...this.#environment,
          ROLE: 'processor',
          LISTEN_SOCKET: this.#socketPath,
        },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
    this.#child = child;
    child.on('error', (err) => this.#log.error({ err }, 'the processor cannot be started'));
    child.on('exit', (code, signal) => this.#onExit(startedAt, code, signal));
    await Promise.race([once(child, 'message'), once(child, 'exit')]);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(timer);
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #onExit(startedAt: number, code: number | null, signal: string | null): void {
    if (this.#isStopping) return;
    if (Date.now() - startedAt > HEALTHY_MS) this.#restartMs = MIN_RESTART_MS;
    this.#log.error({ code, signal, restartInMs: this.#restartMs }, 'the processor died and is started again');
    this.#timer = setTimeout(() => void this.start(), this.#restartMs);
    this.#restartMs = Math.min(this.#restartMs * 2, MAX_RESTART_MS);
  }
}

/** The gateway's own settings are not the processor's: it needs no keys, no port, no folder. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = new Set(['HOST', 'PORT', 'API_KEYS', 'TLS_CERT', 'TLS_KEY', 'DATA_DIR', 'PROCESSOR_URL', 'CORS_ORIGINS']);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.has(name)));
}
