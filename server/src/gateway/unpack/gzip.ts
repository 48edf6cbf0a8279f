import { ByteInput } from './byte-input.ts';
import { inflateMember, readGzipHeader } from './gzip-member.ts';
import { GZIP } from './packed-format.ts';
import type { Unpacking } from './unpacked.ts';

/**
 * The text of a gzip file: of all its members, one after the other, as `gzip -d` writes it.
 *
 * @throws {@link TallyError} GZIP_INVALID; UPLOAD_TOO_LARGE and GZIP_BOMB, before more comes out than is allowed;
 * errors of the source
 */
export async function* gunzipped(
  source: AsyncIterable<Uint8Array>,
  { marks, maxBytes, skip, onTrailingGarbage }: Unpacking,
): AsyncGenerator<Uint8Array> {
  const input = new ByteInput(source);
  let position = 0;
  let length = 0;
  const onOutput = (reached: number) => (position = reached);
  try {
    for (let isFirst = true; ; isFirst = false) {
      const comes = await readGzipHeader(input);
      if (isFirst && comes !== 'member') throw GZIP.invalid(NO_GZIP);
      if (comes === 'other') onTrailingGarbage('gzip');
      if (comes !== 'member') return;
      for await (const piece of inflateMember(input, onOutput)) {
        const unwanted = skip - length;
        length += piece.length;
        GZIP.checkLength(length, position, maxBytes);
        marks.add(length, position);
        if (unwanted < piece.length) yield piece.subarray(Math.max(0, unwanted));
      }
    }
  } finally {
    await input.close();
  }
}

const NO_GZIP = 'The upload is said to be gzip, but it is not: upload it as it is, or compress it.';
