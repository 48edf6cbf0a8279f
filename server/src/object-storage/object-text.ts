import type { Text } from '../../../kernel/parts/part.ts';
import type { ObjectVersion } from './get-range.ts';
import { ObjectBlocks, type Sign } from './object-blocks.ts';

/** Behind the end of what is read on, a record may end anywhere: so much is fetched for it at a time. */
const TAIL_BYTES = 256 * 1024;

/** An object as a text that is read mostly on from where the last reading ended. */
export class ObjectText implements Text, Disposable {
  readonly size: number;
  readonly name: string | undefined;
  readonly #object: ObjectVersion;
  readonly #sign: Sign;
  readonly #to: number;
  #blocks: ObjectBlocks | undefined;
  /** The bytes that were fetched last, and their place. */
  #block: Buffer = Buffer.alloc(0);
  #from = 0;

  /**
   * @param to up to here it is read on, so that bytes are fetched ahead
   * @param name for users
   */
  constructor(object: ObjectVersion, sign: Sign, to: number, name?: string) {
    this.size = object.size;
    this.name = name;
    this.#object = object;
    this.#sign = sign;
    this.#to = to;
  }

  /** @throws as `getRange` */
  async read(position: number, target: Uint8Array): Promise<number> {
    let done = 0;
    while (done < target.length && position + done < this.size) {
      const at = position + done - this.#from;
      if (at < 0 || at >= this.#block.length) {
        if (!(await this.#fetch(position + done))) break;
        continue;
      }
      const bytes = this.#block.subarray(at, at + target.length - done);
      target.set(bytes, done);
      done += bytes.length;
    }
    return done;
  }

  [Symbol.dispose](): void {
    this.#blocks?.[Symbol.dispose]();
  }

  /** Fetches the block that begins at a place. Returns false at the end of the object. */
  async #fetch(place: number): Promise<boolean> {
    const behind = this.#from + this.#block.length;
    if (this.#blocks === undefined || place !== behind) this.#start(place);
    // What is fetched ahead may end before a record does.
    const block = (await this.#blocks?.next()) ?? (await this.#start(place).next());
    if (block === undefined || block.length === 0) return false;
    this.#block = block;
    this.#from = place;
    return true;
  }

  #start(place: number): ObjectBlocks {
    this.#blocks?.[Symbol.dispose]();
    const to = place < this.#to ? this.#to : place + TAIL_BYTES;
    this.#blocks = new ObjectBlocks(this.#object, this.#sign, place, to);
    return this.#blocks;
  }
}
