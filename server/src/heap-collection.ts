const LOOK_MS = 1_000;
/** Looks between two collections. One costs up to 13 ms. */
const RESTING_LOOKS = 5;
/** With so much more than after the last one there is no rest: a flood of short jobs leaves a kernel's memory each. */
const FLOOD_BYTES = 64 * 1024 * 1024;
/** The growth of the heap before it is collected: the garbage of some tens of gigabytes of uploads. */
const GROWTH_BYTES = 4 * 1024 * 1024;
/** A large heap may grow by more, so that collecting it never is much of the work. */
const GROWTH_SHARE = 0.25;

/**
 * Collects the old generation of this thread's heap a moment after its start, and then whenever it has grown by some
 * megabytes. V8 itself would let it grow to `--initial-heap-size`, whatever of it is garbage. Takes Node's `--expose-gc`,
 * and does nothing without.
 */
export function keepHeapCollected(): void {
  const { gc } = globalThis;
  if (!gc) return;
  let collectAtBytes = 0;
  let floodAtBytes = Number.POSITIVE_INFINITY;
  let looks = 0;
  setInterval(() => {
    const usedBefore = usedBytes();
    if (usedBefore < collectAtBytes || (++looks < RESTING_LOOKS && usedBefore < floodAtBytes)) return;
    looks = 0;
    // This kind also gives what came free back to the operating system.
    gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    const used = usedBytes();
    collectAtBytes = used + Math.max(GROWTH_BYTES, used * GROWTH_SHARE);
    floodAtBytes = used + Math.max(FLOOD_BYTES, used * GROWTH_SHARE);
  }, LOOK_MS).unref();
}

/**
 * The heap and the memory outside of it that it holds: buffers, the memories of kernels and of the rings of chunks. V8's
 * `external` has no shared memory in it, Node's `arrayBuffers` no WebAssembly memory.
 */
function usedBytes(): number {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + Math.max(external, arrayBuffers);
}
