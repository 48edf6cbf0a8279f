/** How much is measured. */
export interface BenchOptions {
  /** Bytes of the files and streams. */
  sizeBytes: number;
  /** Rounds whose medians count. */
  rounds: number;
  isQuick: boolean;
  /** How long a topic goes on that takes minutes. */
  minutes: number;
}
