import { createHmac, timingSafeEqual } from 'node:crypto';
import { TallyError } from '../../errors.ts';

/** Of an HMAC with SHA-256 (RFC 2104, FIPS 180-4). */
const SEAL_BYTES = 32;

/**
 * Says of checkpoints that come back whether this server made them, or another one with the same key. A checkpoint is the
 * memory of a kernel: its schema is checked in any case, and with a key nobody else can write one.
 */
export class CheckpointSeal {
  readonly #key: string;

  /** @param key known to the servers that may go on with each other's checkpoints; empty for checkpoints without a seal */
  constructor(key: string) {
    this.#key = key;
  }

  /** A state with its seal behind it. */
  seal(state: Uint8Array): Uint8Array {
    return this.#key === '' ? state : Buffer.concat([state, this.#sealOf(state)]);
  }

  /**
   * The state without its seal.
   *
   * @throws {@link TallyError} CHECKPOINT_INVALID for one without a seal, or with one of another key
   */
  open(sealed: Uint8Array): Uint8Array {
    if (this.#key === '') return sealed;
    const state = sealed.subarray(0, Math.max(0, sealed.length - SEAL_BYTES));
    const seal = sealed.subarray(state.length);
    if (seal.length === SEAL_BYTES && timingSafeEqual(seal, this.#sealOf(state))) return state;
    throw new TallyError(
      'CHECKPOINT_INVALID',
      'the checkpoint was not made by this server, nor by one with its CHECKPOINT_KEY: start from the first byte of the file',
    );
  }

  #sealOf(state: Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update('tallystream checkpoint\0').update(state).digest();
  }
}
