import type { Part, PartPlan, PartRange, PartStart } from './part.ts';
import type { PartAgain, PartChain } from './part-chain.ts';

/** Reads a part, as `readPart` does: here, in another thread, or on another machine. */
export type PartReader = (
  plan: PartPlan,
  range: PartRange,
  start: PartStart | undefined,
  maxRejects: number,
) => Promise<Part>;

/** Parts that wait for one before them, for each reader, before no further part is begun: each holds its departments. */
const MAX_WAITING = 2;
/** Rejected rows that a part hands out before its turn. One that has more is read again when it comes, if they count. */
const EARLY_REJECTS = 20_000;

export interface ReadParts {
  chain: PartChain;
  /** Each reads one part at a time. */
  readers: readonly PartReader[];
  /** Is called when something was merged. */
  onMerged?(): void;
}

/**
 * Has all parts of a chain read, the next one by whichever reader is free, so that a slow one does not set the pace. It
 * ends with the last part that is merged, or with a failure; a reader may still be busy with a part that nobody needs.
 *
 * @throws KernelError as `PartChain.add` and `readPart`; what a reader throws
 */
export async function readParts({ chain, readers, onMerged }: ReadParts): Promise<void> {
  const { ranges } = chain;
  const ended = Promise.withResolvers<void>();
  const again: PartAgain[] = [];
  let next = 0;
  let changed = Promise.withResolvers<void>();
  let isOver = false;

  const end = (settle: () => void) => {
    isOver = true;
    settle();
    changed.resolve();
  };
  const take = (): PartAgain | undefined => {
    const wanted = again.shift();
    if (wanted) return wanted;
    // All their records belong to a part before them.
    while (next > 0 && next < ranges.length && chain.isBehind(ranges[next]!)) next++;
    if (next === ranges.length || chain.waitingCount >= MAX_WAITING * readers.length) return undefined;
    const index = next++;
    return { index, start: chain.startOf(index), maxRejects: Math.min(EARLY_REJECTS, chain.rejectsLeft) };
  };
  const work = async (read: PartReader) => {
    while (!isOver) {
      const wanted = take();
      if (!wanted) {
        await changed.promise;
        continue;
      }
      const { index, start, maxRejects } = wanted;
      const part = await read(chain.planOf(ranges[index]!), ranges[index]!, start, maxRejects);
      if (isOver) return;
      const wrong = chain.add(index, part);
      if (wrong) again.push(wrong);
      onMerged?.();
      if (chain.isDone) end(ended.resolve);
      changed.resolve();
      changed = Promise.withResolvers();
    }
  };
  for (const read of readers) work(read).catch((reason) => end(() => ended.reject(reason)));
  await ended.promise;
}
