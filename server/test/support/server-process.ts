import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childrenOf } from './processes.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The arguments of Node in `npm start`, the program last. */
function startArguments(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').slice(1);
}

/** A real server in a process of its own, on a free port and in a new folder. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  readonly dataDir: string;
  readonly #process: ChildProcess;
  /** Its log so far. */
  readonly log: string[];

  private constructor(process: ChildProcess, url: string, dataDir: string, log: string[]) {
    this.#process = process;
    this.url = url;
    this.dataDir = dataDir;
    this.log = log;
  }

  /** Starts a server; `DATA_DIR` may name the folder of one that was stopped. `nodeArguments` are for Node itself. */
  static async start(
    environment: Record<string, string> = {},
    nodeArguments: readonly string[] = [],
  ): Promise<ServerProcess> {
    const dataDir = environment.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'tallystream-test-')));
    const args = startArguments().toSpliced(-1, 0, ...nodeArguments);
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, PORT: '0', WORKERS: '2', MIN_FREE_DISK_BYTES: '1MB', ...environment, DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(line.split(' ').at(-1) ?? ''));
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log.join('\n')}`)));
    }).catch(async (error) => {
      // Nobody else knows the name of a folder that was made here.
      if (!environment.DATA_DIR) await rm(dataDir, { recursive: true, force: true });
      throw error;
    });
    return new ServerProcess(child, url, dataDir, log);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The processor that a server of role `all` has started; 0 while there is none. */
  processorPid(): number {
    return childrenOf(this.pid)[0] ?? 0;
  }

  /** Stops it and returns its exit code; the folder stays. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return this.#process.exitCode;
    const exited = once(this.#process, 'exit');
    this.#process.kill(signal);
    const [code] = await exited;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
