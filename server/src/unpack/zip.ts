import { ByteInput } from './byte-input.ts';
import { Output } from './output.ts';
import { CutOff, ZIP } from './packed-format.ts';
import type { Unpacking } from './unpacked.ts';
import { ZipContents } from './zip-contents.ts';
import { readEntry } from './zip-data.ts';
import { readDirectory } from './zip-directory.ts';
import { DATA_DESCRIPTOR, LOCAL_HEADER, readLocalHeader } from './zip-entry.ts';

/** "PK00", in front of an archive that was to be split and has become one part (APPNOTE.TXT §8.5.4). */
const ONE_PART_MARK = 0x30304b50;

/**
 * The text of the one file in a zip archive. The archive is read from the front, by the headers before the files, so that
 * nothing must be kept of it and it may still be arriving; that there is no second file is known at its end.
 *
 * @throws {@link TallyError} ZIP_INVALID; NOT_A_CSV for documents that are zip archives; UPLOAD_TOO_LARGE and ZIP_BOMB,
 * before more comes out than is allowed; errors of the source
 */
export async function* unzipped(source: AsyncIterable<Uint8Array>, unpacking: Unpacking): AsyncGenerator<Uint8Array> {
  const input = new ByteInput(source);
  const contents = new ZipContents();
  try {
    yield* readArchive(input, contents, unpacking);
    if (!(await input.peek(1)).length) return;
    unpacking.onTrailingGarbage('zip');
    // The upload is whole only when all of it has come.
    while (await input.take());
  } catch (error) {
    if (error instanceof CutOff) contents.refuseDocument();
    throw error;
  } finally {
    await input.close();
  }
}

async function* readArchive(input: ByteInput, contents: ZipContents, unpacking: Unpacking): AsyncGenerator<Uint8Array> {
  const output = new Output(ZIP, unpacking);
  let passedOver = 0;
  let signature = await readStart(input);
  for (; signature === LOCAL_HEADER; signature = await readSignature(input)) {
    const entry = await readLocalHeader(input);
    const isWanted = contents.add(entry);
    for await (const piece of readEntry(input, entry, output.onInput)) {
      if (isWanted) {
        yield* output.take(piece);
      } else {
        passedOver += piece.length;
        output.check(passedOver);
        contents.passOver(piece);
      }
    }
    contents.endEntry(entry);
  }
  await readDirectory(input, signature, contents.count);
  contents.end();
}

/** The first signature of an archive. */
async function readStart(input: ByteInput): Promise<number> {
  const signature = await readSignature(input);
  if (signature === DATA_DESCRIPTOR) {
    throw ZIP.invalid(
      'This is one part of a split zip archive: join its parts, or pack the file as one, and upload that.',
    );
  }
  return signature === ONE_PART_MARK ? await readSignature(input) : signature;
}

async function readSignature(input: ByteInput): Promise<number> {
  return (await ZIP.take(input, 4)).readUInt32LE(0);
}
