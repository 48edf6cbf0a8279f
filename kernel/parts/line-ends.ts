import { CR, LF } from '../ascii.ts';
import { unitOf } from '../encoding.ts';

/** Where lines end in the bytes of an encoding: units of one, two or four bytes, each of which may be a LF or a CR. */
export class LineEnds {
  /** Bytes of a unit. Places in a file are whole units from its start. */
  readonly width: number;
  readonly #isBig: boolean;

  constructor(encoding: string) {
    const { bytes, isBigEndian } = unitOf(encoding);
    this.width = bytes;
    this.#isBig = isBigEndian;
  }

  /**
   * The index behind the next line end, CRLF counted as one; undefined if there is none.
   *
   * @param from where a unit begins
   */
  behind(bytes: Uint8Array, from: number, to = bytes.length): number | undefined {
    for (let at = from; at + this.width <= to; at += this.width) {
      const next = at + this.width;
      if (this.#isUnit(bytes, at, LF)) return next;
      if (this.#isUnit(bytes, at, CR)) {
        const isPair = next + this.width <= to && this.#isUnit(bytes, next, LF);
        return isPair ? next + this.width : next;
      }
    }
    return undefined;
  }

  /** How many line ends there are. */
  count(bytes: Uint8Array): number {
    let lines = 0;
    for (let at = this.behind(bytes, 0); at !== undefined; at = this.behind(bytes, at)) lines++;
    return lines;
  }

  /** Whether the unit before an index is a CR. */
  isBehindCr(bytes: Uint8Array, index: number): boolean {
    return index >= this.width && this.#isUnit(bytes, index - this.width, CR);
  }

  #isUnit(bytes: Uint8Array, at: number, code: number): boolean {
    const last = at + this.width - 1;
    if (bytes[this.#isBig ? last : at] !== code) return false;
    for (let index = at; index <= last; index++) {
      if (bytes[index] !== 0 && index !== (this.#isBig ? last : at)) return false;
    }
    return true;
  }
}
