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
/** The width of a terminal that does not tell its own, or says 0. */
const USUAL_COLUMNS = 80;

/**
 * A bar on standard error if that is a terminal, else nothing.
 *
 * @param isEndless where nobody knows the end there is only the text
 */
export function createProgress(isEndless = false): Progress {
  // A terminal that calls itself dumb cannot draw over a line.
  if (!process.stderr.isTTY || process.env.TERM === 'dumb') return { update() {}, [Symbol.dispose]() {} };
  const columns = process.stderr.columns || USUAL_COLUMNS;
  // A narrow one has the text alone, cut where its line ends.
  const barsize = Math.max(0, Math.min(BAR_COLUMNS, columns - TEXT_COLUMNS));
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
