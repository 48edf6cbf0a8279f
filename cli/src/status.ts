import { type Doubt, type Progress, RejectReason, type Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { isNoRowCounts } from '../../kernel/analysis/no-row-counts.ts';
import { grouped } from '../../kernel/words.ts';
import { reasonName } from '../../server/src/result-formats/csv.ts';
import { printable } from '../../terminal/printable.ts';
import { createProgress } from '../../terminal/progress.ts';
import { amountNames, groupNames } from './column-name.ts';
import type { Input } from './input.ts';
import { inOwnWords } from './own-words.ts';

type StatusInput = Pick<Input, 'size' | 'bytesAt'>;

/** The messages on standard error. */
export interface Status {
  /** Shows how far the call is, on a terminal. */
  progress(progress: Progress, input: StatusInput): void;
  /** Takes the bar away: totals come. */
  clear(): void;
  /** Says what a user should know. */
  warn(message: string): void;
  /** Says what was counted and what was not, and what is doubtful. */
  end(summary: Summary, input: StatusInput): void;
  /** Says what was doubtful when there was last progress: the call has failed. */
  failed(): void;
}

/** Makes the {@link Status} of one call. */
export function createStatus(isQuiet: boolean): Status {
  const startedAt = performance.now();
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  if (isQuiet) return { progress() {}, clear() {}, warn() {}, end() {}, failed() {} };
  let bar: ReturnType<typeof createProgress> | undefined;
  const clear = () => {
    bar?.[Symbol.dispose]();
    bar = undefined;
  };
  let lastDoubts: readonly Doubt[] = [];
  const sayDoubts = (doubts: readonly Doubt[]) => {
    for (const { code, message } of doubts) say(`doubt ${code}: ${printable(inOwnWords(message))}`);
  };
  const seconds = () => (performance.now() - startedAt) / 1000;
  return {
    progress({ bytes, rows, doubts, sourceBytes, sourceBytesRead }, { size, bytesAt }) {
      lastDoubts = doubts.filter((doubt) => !isNoRowCounts(doubt));
      const read = sourceBytes > 0n ? Number(sourceBytesRead) : bytesAt(Number(bytes));
      const text = `${counted(rows, 'row')}, ${(read / 1e6).toFixed(0)} MB, ${(read / 1e6 / seconds()).toFixed(0)} MB/s`;
      bar ??= createProgress(size === undefined);
      bar.update(size ? Math.min(1, read / size) : 1, text);
    },
    clear,
    warn(message) {
      clear();
      say(`tallystream: ${printable(message)}`);
    },
    end({ rows, rowsFiltered, rowsRejected, rejectedByReason, departments, bytes, dialect, doubts }, { size }) {
      const took = seconds();
      const speed = (size ?? Number(bytes)) / 1e6 / took;
      const what = `${counted(rows, 'row')}, ${counted(departments, 'department')}`;
      say(`${what} in ${took.toFixed(1)} s, ${speed.toFixed(0)} MB/s`);
      if (dialect) say(`${amountNames(dialect).join(', ')} summed per ${groupNames(dialect).join(', ')}`);
      if (rowsFiltered > 0n) say(`${counted(rowsFiltered, 'row')} left out by --where`);
      if (rowsRejected > 0n) {
        const reasons = rejectedByReason.map((entry) => `${grouped(entry.count)} ${reasonName(entry.reason)}`);
        say(`${counted(rowsRejected, 'row')} rejected: ${reasons.join(', ')}`);
        if (rejectedByReason.some(({ reason }) => reason === RejectReason.INVALID_ENCODING))
          say('Some names are not UTF-8: set the encoding of the file, such as --encoding windows-1252');
      }
      sayDoubts(doubts);
    },
    failed() {
      clear();
      sayDoubts(lastDoubts);
    },
  };
}

/** `1 row`, `2 rows`. */
function counted(value: number | bigint, what: string): string {
  return `${grouped(value)} ${what}${Number(value) === 1 ? '' : 's'}`;
}
