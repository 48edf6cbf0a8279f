import type { Reject } from '#gen/tallystream/v1/processor_pb.ts';
import { Output } from '../../generator/src/output.ts';
import { REJECTS_HEADER, rejectsRow } from '../../server/src/gateway/download/csv.ts';

/** The rejected rows as a CSV file, like the one of a server. */
export class RejectsFile implements Disposable {
  readonly #output: Output;

  /** @throws OutputError */
  constructor(path: string) {
    this.#output = new Output(path);
    this.#output.write(Buffer.from(`${REJECTS_HEADER.join(',')}\n`));
  }

  /** @throws OutputError */
  add(rejects: readonly Reject[]): void {
    this.#output.write(Buffer.from(rejects.map((reject) => rejectsRow(reject, false)).join('')));
  }

  [Symbol.dispose](): void {
    this.#output[Symbol.dispose]();
  }
}
