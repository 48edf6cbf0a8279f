import type { Part, PartPlan, PartRange, PartStart } from './part.ts';
import type { PartAgain, PartChain } from './part-chain.ts';

/** Reads a part, as `readPart` does: here, in another thread, or on another machine. */
export type PartReader = (plan: PartPlan, range: PartRange, start: PartStart | undefined) => Promise<Part>;

/** Parts that wait for one before them, for each reader, before no further part is begun: each holds its departments. */
const MAX_WAITING = 2;

export interface ReadParts {
  chain: PartChain;
  /** Each reads one part at a time. */
  readers: readonly PartReader[];
  /** Is called when something was merged. */
  onMerged?(): void;
}

/**
 * Has all parts of a chain read, the next one by whichever reader is free, so that a slow one does not set the pace.
 *
 * @throws KernelError as `PartChain.add` and `readPart`; what a reader throws
 */
export async function readParts({ chain, readers, onMerged }: ReadParts): Promise<void> {
  const { plan, ranges } = chain;
  const again: PartAgain[] = [];
  let next = 0;
  let merged = Promise.withResolvers<void>();
  let failure: { reason: unknown } | undefined;

  const take = (): PartAgain | { index: number; start: undefined } | undefined => {
    const wanted = again.shift();
    if (wanted) return wanted;
    if (next === ranges.length || chain.waitingCount >= MAX_WAITING * readers.length) return undefined;
    return { index: next++, start: undefined };
  };
  const work = async (read: PartReader) => {
    while (!chain.isDone && !failure) {
      const wanted = take();
      if (!wanted) {
        await merged.promise;
        continue;
      }
      const { index, start = index === 0 ? chain.reached : undefined } = wanted;
      const part = await read(plan, ranges[index]!, start);
      if (failure) return;
      const wrong = chain.add(index, part);
      if (wrong) again.push(wrong);
      onMerged?.();
      wake();
    }
  };
  const wake = () => {
    merged.resolve();
    merged = Promise.withResolvers();
  };
  const fail = (reason: unknown) => {
    failure ??= { reason };
    wake();
  };
  await Promise.all(readers.map((read) => work(read).catch(fail)));
  if (failure) throw failure.reason;
}
