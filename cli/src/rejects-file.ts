import type { Reject } from '#gen/tallystream/v1/processor_pb.ts';
import { rejectsHeader, rejectsRow } from '../../server/src/result-formats/csv.ts';
import { type FileIdentity, Output } from '../../terminal/output.ts';
import { UsageError } from './settings.ts';

/** The rejected rows as a CSV file, like the one of a server. The old content stays until there is a result. */
export class RejectsFile implements Disposable {
  readonly #output: Output;
  readonly #isOfSeveral: boolean;
  #isBegun = false;

  /**
   * @param inputs the files that are read, which must be others
   * @param isOfSeveral whether the rows say in which of several files they are
   * @throws OutputError, UsageError
   */
  constructor(path: string, inputs: readonly FileIdentity[], isOfSeveral: boolean) {
    this.#isOfSeveral = isOfSeveral;
    this.#output = new Output(path, { keep: true });
    const { identity } = this.#output;
    const isSame = (input: FileIdentity) => input.inode === identity?.inode && input.device === identity.device;
    if (!inputs.some(isSame)) return;
    this.#output[Symbol.dispose]();
    throw new UsageError(`${path} is an input file: name another one for --rejects`);
  }

  /** @throws OutputError */
  add(rejects: readonly Reject[]): void {
    this.#write(rejects.map((reject) => rejectsRow(reject, false, this.#isOfSeveral)).join(''));
  }

  /** Writes the header at least: all has come. @throws OutputError */
  end(): void {
    this.#write('');
  }

  #write(rows: string): void {
    if (!this.#isBegun) this.#output.truncate();
    const header = this.#isBegun ? '' : rejectsHeader(this.#isOfSeveral);
    this.#isBegun = true;
    this.#output.write(Buffer.from(header + rows));
  }

  [Symbol.dispose](): void {
    this.#output[Symbol.dispose]();
  }
}
