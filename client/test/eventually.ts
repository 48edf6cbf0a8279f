import { vi } from 'vitest';

/** Waits until a check passes; its error if it does not within half a minute, which is for machines under load. */
export const eventually = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });
