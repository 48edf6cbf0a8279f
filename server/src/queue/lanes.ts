export interface LanesOptions<T> {
  /**
   * Serves the lane whose turn it is, and takes finished items out of it.
   *
   * @param waiting the items of the lane in order, at least one
   * @returns whether something was done
   */
  serve(waiting: T[]): boolean;
  /** Does something when everything else that has come was looked at. */
  later(work: () => void): void;
  /** How often something is done before everything else is looked at again. */
  perTurn: number;
}

/** Items in lanes that have their turns one after the other, so that a lane with many items holds up its own only. */
export class Lanes<K, T> {
  readonly #lanes = new Map<K, T[]>();
  readonly #options: LanesOptions<T>;
  #isRunning = false;

  constructor(options: LanesOptions<T>) {
    this.#options = options;
  }

  add(lane: K, item: T): void {
    const waiting = this.#lanes.get(lane);
    if (waiting) waiting.push(item);
    else this.#lanes.set(lane, [item]);
    if (!this.#isRunning) this.#goOn();
  }

  /** Forgets everything that waits. */
  clear(): void {
    this.#lanes.clear();
  }

  #goOn(): void {
    this.#isRunning = this.#lanes.size > 0;
    if (this.#isRunning) this.#options.later(() => this.#turn());
  }

  #turn(): void {
    const { serve, perTurn } = this.#options;
    for (let done = 0; done < perTurn; ) {
      const [next] = this.#lanes;
      if (!next) break;
      const [lane, waiting] = next;
      this.#lanes.delete(lane);
      if (serve(waiting)) done++;
      // Behind the others.
      if (waiting.length > 0) this.#lanes.set(lane, waiting);
    }
    this.#goOn();
  }
}
