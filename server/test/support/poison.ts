/** Preloaded into a server: its processor is killed by any file that holds the word, as by a fault in the kernel. */
import { CsvAnalysis } from '../../../kernel/analysis/analysis.ts';

const WORD = 'POISON';

const { push } = CsvAnalysis.prototype;
CsvAnalysis.prototype.push = function (chunk) {
  if (Buffer.from(chunk).includes(WORD)) process.kill(process.pid, 'SIGKILL');
  push.call(this, chunk);
};
