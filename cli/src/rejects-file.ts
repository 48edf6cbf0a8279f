import type { Reject } from '#gen/tallystream/v1/processor_pb.ts';
import { REJECTS_HEADER, rejectsRow } from '../../server/src/result-formats/csv.ts';
import { type FileIdentity, Output } from '../../terminal/output.ts';
import { UsageError } from './settings.ts';

/** The rejected rows as a CSV file, like the one of a server. The old content stays until there is a result. */
export class RejectsFile implements Disposable {
  readonly #output: Output;
  #isBegun = false;

  /**
   * @param input the file that is read, which must be another one
   * @throws OutputError, UsageError
   */
  constructor(path: string, input: FileIdentity | undefined) {
    this.#output = new Output(path, { keep: true });
    const { identity } = this.#output;
    if (!input || !identity || input.inode !== identity.inode || input.device !== identity.device) return;
    this.#output[Symbol.dispose]();
    throw new UsageError(`${path} is the input file: name another one for --rejects`);
  }

  /** @throws OutputError */
  add(rejects: readonly Reject[]): void {
    this.#write(rejects.map((reject) => rejectsRow(reject, false)).join(''));
  }

  /** Writes the header at least: all has come. @throws OutputError */
  end(): void {
    this.#write('');
  }

  #write(rows: string): void {
    if (!this.#isBegun) this.#output.truncate();
    const header = this.#isBegun ? '' : `${REJECTS_HEADER.join(',')}\n`;
    this.#isBegun = true;
    this.#output.write(Buffer.from(header + rows));
  }

  [Symbol.dispose](): void {
    this.#output[Symbol.dispose]();
  }
}
