import { getRange } from '../object-storage/get-range.ts';
import { ObjectBlocks, type Sign } from '../object-storage/object-blocks.ts';
import { objectStore } from '../object-storage/object-store.ts';
import { type ObjectPlace, s3UrlOf } from '../object-storage/s3-url.ts';
import { PACKING_BYTES, packingOf } from '../unpack/packing.ts';
import type { SourceFile, SourceObject } from './source-file.ts';

/** After so long an address is signed anew: it is good for longer than any reading with it takes. */
const SIGN_ANEW_MS = 3_600_000;

/**
 * Looks at an object.
 *
 * @param etag the version that is wanted; undefined for whichever there is
 * @throws KernelError `SOURCE_CHANGED`; TallyError SOURCE_NOT_FOUND, SOURCE_UNAVAILABLE; the reason of the signal
 */
export async function lookAtObject(place: ObjectPlace, signal: AbortSignal, etag?: string): Promise<SourceFile> {
  const url = await (await objectStore()).sign(place);
  const found = await getRange({ url, object: place, etag, from: 0, to: PACKING_BYTES, signal });
  const { size, writtenMs } = found;
  return {
    path: s3UrlOf(place),
    name: place.key.split('/').at(-1) ?? place.key,
    size,
    packing: packingOf(found.bytes),
    identity: { device: 0, inode: 0, writtenMs },
    object: { ...place, etag: found.etag, size },
  };
}

/** Signs addresses of an object: the one that it brings, or fresh ones from time to time. */
export function signerOf(object: SourceObject): Sign {
  const { url } = object;
  if (url !== undefined) return async () => url;
  let signed: Promise<string> | undefined;
  let signedAt = 0;
  return async () => {
    if (signed === undefined || performance.now() - signedAt > SIGN_ANEW_MS) {
      signedAt = performance.now();
      signed = objectStore().then((store) => store.sign(object));
    }
    return await signed;
  };
}

/** The bytes of an object from a place on. */
export async function* objectChunks(object: SourceObject, from: number): AsyncGenerator<Uint8Array> {
  using blocks = new ObjectBlocks(object, signerOf(object), from, object.size);
  for (let block = await blocks.next(); block !== undefined; block = await blocks.next()) yield block;
}

/** The same file for a thread that cannot sign. */
export async function withSignedUrl(file: SourceFile): Promise<SourceFile> {
  if (!file.object) return file;
  const url = await (await objectStore()).sign(file.object);
  return { ...file, object: { ...file.object, url } };
}
