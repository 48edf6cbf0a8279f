import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type ListSourcesResponse,
  ListSourcesResponseSchema,
  type Source,
  SourceSchema,
} from '#gen/tallystream/v1/gateway_pb.ts';
import { quoted } from '../../bytes/quoted.ts';
import { TallyError } from '../../errors.ts';
import { type ListedObject, objectStore } from '../../object-storage/object-store.ts';
import { isS3Url, type ObjectPlace, readS3Url, s3UrlOf } from '../../object-storage/s3-url.ts';
import { type AllowedFolders, notAllowed } from '../../source/allowed-folders.ts';
import { escapeGlob } from '../../source/glob-pattern.ts';
import { readSource, urlOfPath } from '../../source/source-path.ts';
import { decodePageToken, encodePageToken } from '../store/page-token.ts';

export interface SourcesQuery {
  /** A `file:///` URL or `s3://bucket/prefix`; empty for the folders that are allowed. */
  folder: string;
  pageSize: number;
  pageToken: string;
}

/** An entry of a folder that may be shown. */
interface Entry {
  name: string;
  path: string;
  isFolder: boolean;
  /** Of an object in a bucket. */
  object?: ListedObject;
}

/** The most names of a folder in a bucket, and how long they may take to come. */
const MAX_NAMES = 100_000;
const MAX_LISTING_MS = 60_000;

/**
 * A page of a folder: folders first, then files, each by name in code point order.
 *
 * @throws {@link TallyError} REQUEST_INVALID, SOURCE_NOT_FOUND, SOURCE_NOT_ALLOWED, PAGE_TOKEN_INVALID
 */
export async function listSources(
  { folder, pageSize, pageToken }: SourcesQuery,
  allowed: AllowedFolders,
): Promise<ListSourcesResponse> {
  const after = decodePageToken(pageToken, ['text', 'text']);
  const entries = await entriesIn(folder, allowed);
  entries.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = after ? entries.filter((entry) => keyOf(entry) > `${after[0]}${after[1]}`) : entries;
  const page = rest.slice(0, pageSize);
  const last = page.at(-1);
  const hasMore = rest.length > page.length;
  const sources = await Promise.all(page.map(toSource));
  return create(ListSourcesResponseSchema, {
    sources: sources.filter((source) => source !== undefined),
    nextPageToken: hasMore && last ? encodePageToken([kindOf(last), last.name]) : '',
  });
}

async function entriesIn(folder: string, allowed: AllowedFolders): Promise<Entry[]> {
  if (folder === '') return await allowedFolders(allowed);
  return isS3Url(folder) ? await objectsOf(folder, allowed) : await entriesOf(readSource(folder).path, allowed);
}

/** The objects and folders behind a prefix. */
async function objectsOf(folder: string, allowed: AllowedFolders): Promise<Entry[]> {
  const { bucket, key } = readS3Url(folder);
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  if (!allowed.mayListObjects(bucket, prefix)) throw notAllowed(folder);
  const entries: Entry[] = [];
  const store = await objectStore();
  const signal = AbortSignal.timeout(MAX_LISTING_MS);
  for await (const { objects, folders } of store.list({ bucket, key: prefix }, signal, { isByFolder: true })) {
    for (const object of objects) {
      if (object.key === prefix) continue;
      entries.push(toObjectEntry({ bucket, key: object.key }, prefix, object));
    }
    for (const each of folders) entries.push(toObjectEntry({ bucket, key: each }, prefix));
    if (entries.length > MAX_NAMES) {
      throw new TallyError(
        'REQUEST_INVALID',
        `${quoted(folder)} has more than ${MAX_NAMES} names: name a file or a glob instead.`,
      );
    }
  }
  return entries;
}

function toObjectEntry(place: ObjectPlace, prefix: string, object?: ListedObject): Entry {
  const name = place.key.slice(prefix.length).replace(/\/$/, '');
  const path = s3UrlOf({ bucket: place.bucket, key: escapeGlob(place.key) });
  return { name, path, isFolder: object === undefined, ...(object && { object }) };
}

function kindOf({ isFolder }: Entry): string {
  return isFolder ? '0' : '1';
}

function keyOf(entry: Entry): string {
  return `${kindOf(entry)}${entry.name}`;
}

async function allowedFolders(allowed: AllowedFolders): Promise<Entry[]> {
  const paths = [...(await allowed.real()), ...allowed.prefixes];
  return paths.map((path) => ({ name: path, path, isFolder: true }));
}

async function entriesOf(folder: string, allowed: AllowedFolders): Promise<Entry[]> {
  const real = await allowed.check(folder);
  let found: Dirent[];
  try {
    found = await readdir(real, { withFileTypes: true });
  } catch (cause) {
    throw new TallyError(
      'SOURCE_NOT_FOUND',
      `${quoted(folder)} is no folder that the server can read: check the path.`,
      {
        cause,
      },
    );
  }
  const entries = await Promise.all(
    found.filter(({ name }) => !name.startsWith('.')).map((entry) => toEntry(entry, real, allowed)),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** Undefined for what is neither a file nor a folder, and for a folder or link whose contents may not be read. */
async function toEntry(entry: Dirent, folder: string, allowed: AllowedFolders): Promise<Entry | undefined> {
  const path = join(folder, entry.name);
  const { name } = entry;
  if (entry.isFile()) return { name, path, isFolder: false };
  if (!entry.isDirectory() && !entry.isSymbolicLink()) return undefined;
  try {
    const target = await stat(await allowed.check(path));
    return target.isDirectory() || target.isFile() ? { name, path, isFolder: target.isDirectory() } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for a file that is gone meanwhile. */
async function toSource({ name, path, isFolder, object }: Entry): Promise<Source | undefined> {
  const url = isS3Url(path) ? path : urlOfPath(path);
  if (isFolder) return create(SourceSchema, { url, name, folder: true });
  if (object) {
    const modifyTime = timestampFromMs(object.writtenMs);
    return create(SourceSchema, { url, name, sizeBytes: BigInt(object.size), modifyTime });
  }
  const stats = await stat(path).catch(() => undefined);
  return (
    stats &&
    create(SourceSchema, {
      url,
      name,
      sizeBytes: BigInt(stats.size),
      modifyTime: timestampFromMs(Math.floor(stats.mtimeMs)),
    })
  );
}
