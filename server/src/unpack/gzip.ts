import { ByteInput } from './byte-input.ts';
import { inflateMember, readGzipHeader } from './gzip-member.ts';
import { Output } from './output.ts';
import { GZIP } from './packed-format.ts';
import type { Unpacking } from './unpacked.ts';

/**
 * The text of a gzip file: of all its members, one after the other, as `gzip -d` writes it.
 *
 * @throws {@link TallyError} GZIP_INVALID; UPLOAD_TOO_LARGE and GZIP_BOMB, before more comes out than is allowed;
 * errors of the source
 */
export async function* gunzipped(source: AsyncIterable<Uint8Array>, unpacking: Unpacking): AsyncGenerator<Uint8Array> {
  const input = new ByteInput(source);
  const output = new Output(GZIP, unpacking);
  try {
    for (let isFirst = true; ; isFirst = false) {
      const comes = await readGzipHeader(input);
      if (isFirst && comes !== 'member') throw GZIP.invalid(NO_GZIP);
      if (comes === 'other') unpacking.onTrailingGarbage('gzip');
      if (comes !== 'member') return;
      for await (const piece of inflateMember(input, output.onInput)) yield* output.take(piece);
    }
  } finally {
    await input.close();
  }
}

const NO_GZIP = 'The upload is named or sent as gzip, but it is not: upload it as what it is, or compress it.';
