import { setTimeout as wait } from 'node:timers/promises';
import { metric } from './metrics.ts';
import { ServerProcess } from './server-process.ts';
import type { TusTarget } from './tus-file.ts';

/** A server that is killed now and then; a request for its URL waits until it is there again. */
export class KilledServer implements TusTarget, AsyncDisposable {
  /** How often analyses went on from a checkpoint, in the processes that were killed so far. */
  #resumes = 0;
  readonly #environment: Record<string, string>;
  readonly #nodeArguments: readonly string[];
  #server: Promise<ServerProcess>;

  /** @param nodeArguments as in {@link ServerProcess.start} */
  constructor(environment: Record<string, string>, nodeArguments: readonly string[] = []) {
    this.#environment = environment;
    this.#nodeArguments = nodeArguments;
    this.#server = ServerProcess.start(environment, nodeArguments);
  }

  get current(): Promise<ServerProcess> {
    return this.#server;
  }

  async url(): Promise<string> {
    return (await this.#server).url;
  }

  /** How often analyses went on from a checkpoint, in all processes. */
  async resumes(): Promise<number> {
    return this.#resumes + (await metric(await this.url(), 'tallystream_resumes_total'));
  }

  /** Waits until everything that came is in checkpoints, but not for long: more may come all the time. */
  async covered(): Promise<void> {
    const { url } = await this.#server;
    for (let looks = 0; looks < 50; looks++) {
      if ((await metric(url, 'tallystream_unsaved_bytes')) === 0) return;
      await wait(10);
    }
  }

  async killProcessor(): Promise<void> {
    const pid = (await this.#server).processorPid();
    if (pid <= 0) return;
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It may be dead already, and not started again yet.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** @param damage what the loss of power does to the files, while nothing runs */
  async killGateway(damage: (dataDir: string) => Promise<void> = async () => {}): Promise<void> {
    const killed = await this.#server;
    this.#resumes += await metric(killed.url, 'tallystream_resumes_total');
    const gone = killed.stop('SIGKILL');
    this.#server = gone.then(async () => {
      await damage(killed.dataDir);
      return await ServerProcess.start({ ...this.#environment, DATA_DIR: killed.dataDir }, this.#nodeArguments);
    });
    await this.#server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#server)[Symbol.asyncDispose]();
  }
}
