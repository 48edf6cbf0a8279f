import { ERRORS, type Lock, type Locker } from '@tus/server';
import type { OwnJobs } from '../jobs/own-jobs.ts';

/** A request that does not get its upload within this is refused; the one that has it was asked to let go. */
const TIMEOUT_MS = 30_000;

/**
 * The locks for one caller: an upload that is not the caller's is refused before its holder is asked to let go.
 *
 * @returns locks whose `lock` throws the tus error for an upload that does not exist
 */
export function ownLocks(locks: Locker, jobs: OwnJobs): Locker {
  return {
    newLock(id) {
      const { lock, unlock } = locks.newLock(id);
      return {
        async lock(signal, requestRelease) {
          await jobs.get(id).catch(() => {
            throw ERRORS.FILE_NOT_FOUND;
          });
          await lock(signal, requestRelease);
        },
        unlock,
      };
    },
  };
}

interface Holder {
  /** Asks the request that has the upload to let go. */
  requestRelease(): void;
  next: (() => void)[];
}

/**
 * One request at a time for each upload, in the order in which they came. The one that has it is asked to let go as soon
 * as another comes: a client that has lost its connection goes on over a new one before the server has noticed. (The lock
 * of the library asks again and again in each turn of the event loop.)
 */
export class TusLocks implements Locker {
  readonly #holders = new Map<string, Holder>();

  newLock(id: string): Lock {
    return {
      lock: (signal, requestRelease) => this.#acquire(id, signal, () => void requestRelease()),
      unlock: async () => this.#release(id),
    };
  }

  async #acquire(id: string, signal: AbortSignal, requestRelease: () => void): Promise<void> {
    const holder = this.#holders.get(id);
    if (!holder) {
      this.#holders.set(id, { requestRelease, next: [] });
      return;
    }
    holder.requestRelease();
    await this.#turn(holder, signal);
    // It is ours now, and the next one in line wants it soon.
    holder.requestRelease = requestRelease;
    if (holder.next.length > 0) requestRelease();
  }

  /** @throws the tus error for a lock that cannot be acquired */
  #turn(holder: Holder, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (isOurs: boolean) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        if (isOurs) resolve();
        else reject(ERRORS.ERR_LOCK_TIMEOUT);
      };
      const take = () => settle(true);
      const giveUp = () => {
        holder.next = holder.next.filter((other) => other !== take);
        settle(false);
      };
      const timer = setTimeout(giveUp, TIMEOUT_MS);
      signal.addEventListener('abort', giveUp);
      holder.next.push(take);
      if (signal.aborted) giveUp();
    });
  }

  #release(id: string): void {
    const holder = this.#holders.get(id);
    const next = holder?.next.shift();
    if (next) next();
    else this.#holders.delete(id);
  }
}
