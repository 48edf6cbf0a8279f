/**
 * Streams that the clients of one address may take back: so many at once, and so many a second. Each costs the server more
 * than its client (CVE-2023-44487). Callers behind a proxy have one budget together, so it is a large one.
 */
const BURST = 10_000;
const PER_SECOND = 1_000;

/** Counts by address the streams that clients have taken back. */
export class ResetBudget {
  /** The time, in milliseconds, when the spent budget of an address will have come back. */
  readonly #paidBackAt = new Map<string, number>();

  /** @returns whether the address still had something to spend */
  spend(address: string, nowMs: number): boolean {
    const paidBackAt = Math.max(this.#paidBackAt.get(address) ?? 0, nowMs) + 1_000 / PER_SECOND;
    if (paidBackAt - nowMs > (BURST * 1_000) / PER_SECOND) return false;
    this.#paidBackAt.set(address, paidBackAt);
    if (this.#paidBackAt.size > BURST) this.#forget(nowMs);
    return true;
  }

  /** Addresses that have their whole budget. */
  #forget(nowMs: number): void {
    for (const [address, paidBackAt] of this.#paidBackAt) if (paidBackAt <= nowMs) this.#paidBackAt.delete(address);
  }
}
