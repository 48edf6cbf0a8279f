import { getRange, type ObjectVersion } from './get-range.ts';

/** The first block is small, so that it is there soon; each further one is twice as large, up to a limit. */
const FIRST_BLOCK_BYTES = 256 * 1024;
/**
 * Blocks end at multiples of their size: storages keep objects in pieces of such sizes, and read whole pieces.
 */
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
/** Blocks that are on their way at once: a single connection seldom fills a network. */
const AHEAD = 3;

/** Gives a signed address of an object. */
export type Sign = () => Promise<string>;

/** The bytes of an object from a place on, in blocks of which some are fetched ahead. */
export class ObjectBlocks implements Disposable {
  readonly #object: ObjectVersion;
  readonly #sign: Sign;
  readonly #to: number;
  readonly #given = new AbortController();
  readonly #coming: Promise<Buffer>[] = [];
  #next: number;
  #size = FIRST_BLOCK_BYTES;

  /** @param to the byte behind the last one that is fetched */
  constructor(object: ObjectVersion, sign: Sign, from: number, to: number) {
    this.#object = object;
    this.#sign = sign;
    this.#next = from;
    this.#to = Math.min(to, object.size);
  }

  /** The next bytes, in memory of their own; undefined at the end. @throws as `getRange` */
  async next(): Promise<Buffer | undefined> {
    while (this.#coming.length < AHEAD && this.#next < this.#to) {
      const from = this.#next;
      const to = Math.min((Math.floor(from / this.#size) + 1) * this.#size, this.#to);
      this.#next = to;
      this.#size = Math.min(2 * this.#size, MAX_BLOCK_BYTES);
      const block = this.#fetch(from, to);
      // Whoever reads no further never asks for it.
      block.catch(() => {});
      this.#coming.push(block);
    }
    return await this.#coming.shift();
  }

  [Symbol.dispose](): void {
    this.#given.abort(new Error('nobody reads on'));
  }

  async #fetch(from: number, to: number): Promise<Buffer> {
    const { etag } = this.#object;
    const url = await this.#sign();
    const { bytes } = await getRange({ url, object: this.#object, etag, from, to, signal: this.#given.signal });
    return bytes;
  }
}
