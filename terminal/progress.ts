import { SingleBar } from 'cli-progress';

/** Shows how far a file is. */
export interface Progress extends Disposable {
  /** @param share 0 to 1 */
  update(share: number, text: string): void;
}

const STEPS = 1000;
const REDRAW_MS = 100;
/** The widest bar, and the room that percentage and text take beside it. */
const BAR_COLUMNS = 40;
const TEXT_COLUMNS = 50;

/**
 * A bar on standard error if that is a terminal, else nothing.
 *
 * @param isEndless where nobody knows the end there is only the text
 */
export function createProgress(isEndless = false): Progress {
  // A terminal that calls itself dumb cannot draw over a line.
  if (!process.stderr.isTTY || process.env.TERM === 'dumb') return { update() {}, [Symbol.dispose]() {} };
  const barsize = Math.min(BAR_COLUMNS, (process.stderr.columns ?? 80) - TEXT_COLUMNS);
  const share = barsize > 0 ? '{bar} {percentage} %  ' : '{percentage} %  ';
  const format = isEndless ? '{text}' : `${share}{text}`;
  const bar = new SingleBar({ format, barsize, stream: process.stderr, clearOnComplete: true });
  bar.start(STEPS, 0, { text: '' });
  let drawn = Number.NEGATIVE_INFINITY;
  return {
    update(share, text) {
      if (performance.now() - drawn < REDRAW_MS) return;
      drawn = performance.now();
      bar.update(Math.floor(share * STEPS), { text });
      // The rows are made without a pause in which the bar's own timer could fire.
      bar.render();
    },
    [Symbol.dispose]() {
      bar.stop();
    },
  };
}
