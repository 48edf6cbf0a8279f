/** Preloaded into a server: its kernel thread never comes back from a file that holds the word. */
import { CsvAnalysis } from '../../../kernel/analysis/analysis.ts';

const WORD = 'HANG';

const { push } = CsvAnalysis.prototype;
CsvAnalysis.prototype.push = function (chunk) {
  while (Buffer.from(chunk).includes(WORD));
  push.call(this, chunk);
};
