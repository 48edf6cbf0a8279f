import { KernelError } from '../../../kernel/kernel.ts';
import { sourceChanged } from '../../../kernel/parts/part.ts';
import type { SourceFile } from './source-file.ts';

/** The first bytes of a state that says of which file it is. */
const MAGIC = Buffer.from('TSID');
const HEAD_BYTES = MAGIC.length + 4;

/** A state with the identity of its file in front of it. */
export function withIdentity(state: Uint8Array, file: SourceFile): Uint8Array {
  const identity = Buffer.from(identityOf(file));
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.writeUInt32LE(identity.length, MAGIC.length);
  return Buffer.concat([head, identity, state]);
}

/**
 * The state without the identity of its file.
 *
 * @throws KernelError `CHECKPOINT_INVALID` for a state that says of no file, `SOURCE_CHANGED` if it is of another one or of
 * the same before it changed
 */
export function stateOf(identified: Uint8Array, file: SourceFile): Uint8Array {
  const bytes = Buffer.from(identified.buffer, identified.byteOffset, identified.byteLength);
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw invalid();
  const end = HEAD_BYTES + bytes.readUInt32LE(MAGIC.length);
  if (end > bytes.length) throw invalid();
  if (bytes.toString('utf8', HEAD_BYTES, end) !== identityOf(file)) throw sourceChanged(file.name);
  return bytes.subarray(end);
}

function identityOf({ path, size, identity: { device, inode, writtenMs }, object }: SourceFile): string {
  return JSON.stringify(object ? [path, size, object.etag] : [path, size, device, inode, writtenMs]);
}

function invalid(): KernelError {
  return new KernelError('CHECKPOINT_INVALID', 'the checkpoint is not one of a source; start without it');
}
