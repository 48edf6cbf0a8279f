import type { ByteInput } from './byte-input.ts';
import { ZIP } from './packed-format.ts';
import { CENTRAL_HEADER, END, END_64, END_64_LOCATOR, EXTRA_DATA, SIGNATURE_RECORD } from './zip-entry.ts';

const CENTRAL_HEADER_BYTES = 42;
const LOCATOR_BYTES = 16;
const END_BYTES = 18;

/**
 * Reads the part behind the files of an archive: the list of them, to its end. Only with that the archive is whole.
 *
 * @param signature the first of it, which was taken
 * @param entryCount how many files and folders came before: one that the list does not have was deleted, or is a part of
 * something else
 * @throws {@link TallyError} ZIP_INVALID
 */
export async function readDirectory(input: ByteInput, signature: number, entryCount: number): Promise<void> {
  let listed = 0;
  for (let record = signature; ; record = (await ZIP.take(input, 4)).readUInt32LE(0)) {
    if (record === CENTRAL_HEADER) {
      const header = await ZIP.take(input, CENTRAL_HEADER_BYTES);
      await skip(input, header.readUInt16LE(24) + header.readUInt16LE(26) + header.readUInt16LE(28));
      listed++;
    } else if (record === EXTRA_DATA) {
      await skip(input, (await ZIP.take(input, 4)).readUInt32LE(0));
    } else if (record === SIGNATURE_RECORD) {
      await skip(input, (await ZIP.take(input, 2)).readUInt16LE(0));
    } else if (record === END_64) {
      await skip(input, Number((await ZIP.take(input, 8)).readBigUInt64LE(0)));
    } else if (record === END_64_LOCATOR) {
      await skip(input, LOCATOR_BYTES);
    } else if (record === END) {
      const end = await ZIP.take(input, END_BYTES);
      await skip(input, end.readUInt16LE(16));
      if (listed !== entryCount) throw ZIP.damaged();
      return;
    } else {
      throw ZIP.damaged();
    }
  }
}

async function skip(input: ByteInput, length: number): Promise<void> {
  if (!(await input.skip(length))) throw ZIP.cutOff();
}
