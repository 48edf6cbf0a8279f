import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';
import { type ListedObject, type ObjectStore, objectStore } from '../object-storage/object-store.ts';
import { readS3Url, s3UrlOf } from '../object-storage/s3-url.ts';
import { notAllowed } from './allowed-folders.ts';
import { expandBraces, hasWildcard, keyMatcher, unescapeGlob } from './glob-pattern.ts';
import type { SourceFile } from './source-file.ts';
import { lookAtObject } from './source-object.ts';

/** The most objects of one source. */
const MAX_OBJECTS = 100_000;
/** Names that are looked at for one glob. */
const MAX_NAMES = 10_000_000;
/** Objects that are looked at at once. */
const AT_ONCE = 32;

/** Says which objects may be read. */
export interface AllowedObjects {
  mayReadObject(bucket: string, key: string): boolean;
  /** Whether all objects whose keys begin so may be read. */
  mayListObjects(bucket: string, prefix: string): boolean;
}

/**
 * The objects that `s3://bucket/key` names, or a glob in the key, in the order of their keys.
 *
 * @throws TallyError REQUEST_INVALID, SOURCE_NOT_ALLOWED, SOURCE_NOT_FOUND, SOURCE_UNAVAILABLE; the reason of the signal
 */
export async function findObjects(source: string, allowed: AllowedObjects, signal: AbortSignal): Promise<SourceFile[]> {
  const { bucket, key } = readS3Url(source);
  if (key === '' || key.endsWith('/')) {
    throw new TallyError(
      'REQUEST_INVALID',
      `${quoted(source)} is a folder: name an object, or ${quoted(`${source}*`)}.`,
    );
  }
  if (!hasWildcard(key)) {
    const place = { bucket, key: unescapeGlob(key) };
    if (!allowed.mayReadObject(bucket, place.key)) throw notAllowed(s3UrlOf(place));
    return [await lookAtObject(place, signal)];
  }
  const globs = expandBraces(key);
  if (!globs) throw new TallyError('REQUEST_INVALID', `The glob ${quoted(source)} has more than 100 alternatives.`);
  const found = new Map<string, ListedObject>();
  const store = await objectStore();
  for (const glob of globs) await addMatches(store, { bucket, glob, source }, allowed, signal, found);
  if (found.size === 0)
    throw new TallyError('SOURCE_NOT_FOUND', `No object matches ${quoted(source)}: check the address.`);
  const sorted = [...found.values()].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  return await lookAtAll(bucket, sorted, signal);
}

async function addMatches(
  store: ObjectStore,
  { bucket, glob, source }: { bucket: string; glob: string; source: string },
  allowed: AllowedObjects,
  signal: AbortSignal,
  found: Map<string, ListedObject>,
): Promise<void> {
  const { prefix, matches } = keyMatcher(glob);
  if (!allowed.mayListObjects(bucket, prefix) && !allowed.mayReadObject(bucket, prefix)) {
    throw notAllowed(s3UrlOf({ bucket, key: prefix }));
  }
  let names = 0;
  for await (const { objects } of store.list({ bucket, key: prefix }, signal)) {
    names += objects.length;
    if (names > MAX_NAMES) throw tooMany(source, `meets more than ${MAX_NAMES} names`);
    // A folder is an object of its own in some storages, with a slash at its end.
    for (const object of objects) {
      const isFile = !object.key.endsWith('/') && allowed.mayReadObject(bucket, object.key);
      if (isFile && matches(object.key)) found.set(object.key, object);
    }
    if (found.size > MAX_OBJECTS) throw tooMany(source, `matches more than ${MAX_OBJECTS} objects`);
  }
}

/** Looks at objects, some at once, each in the version that the list has told of. */
async function lookAtAll(bucket: string, objects: readonly ListedObject[], signal: AbortSignal): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  const waiting = objects.entries();
  const work = async () => {
    for (const [place, { key, etag }] of waiting) {
      files[place] = await lookAtObject({ bucket, key }, signal, etag === '' ? undefined : etag);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return files;
}

function tooMany(source: string, why: string): TallyError {
  return new TallyError('REQUEST_INVALID', `The glob ${quoted(source)} ${why}: name fewer objects.`);
}

/** Where everything may be read that the credentials allow. */
export const ALL_OBJECTS: AllowedObjects = { mayReadObject: () => true, mayListObjects: () => true };
