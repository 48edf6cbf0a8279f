import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_MS = 5_000;
/** What the heap may grow by before it is collected: the garbage of some gigabytes of uploads. */
const GROWTH_BYTES = 8 * 1024 * 1024;

/**
 * Collects the old generation of V8's heap whenever it has grown by some megabytes. V8 itself would let it grow until
 * the heap is as large as `--initial-heap-size`, and from then on count the chunks outside of the heap as well and collect
 * everything for each few of them, at half the throughput. A collection of so small a heap takes some hundredths of a
 * second.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  let leastBytes = getHeapStatistics().used_heap_size;
  setInterval(() => {
    if (getHeapStatistics().used_heap_size < leastBytes + GROWTH_BYTES) return;
    collect();
    leastBytes = getHeapStatistics().used_heap_size;
  }, LOOK_MS).unref();
}
