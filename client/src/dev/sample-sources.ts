import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { type Source, SourceSchema } from '#gen/tallystream/v1/gateway_pb.ts';

const start = Date.now();
const day = 86_400_000;

const folder = (url: string, name = url.split('/').at(-1) ?? '') => create(SourceSchema, { url, name, folder: true });
const file = (inside: string, name: string, sizeBytes: number, age: number) =>
  create(SourceSchema, {
    url: `${inside}/${encodeURIComponent(name)}`,
    name,
    sizeBytes: BigInt(sizeBytes),
    modifyTime: timestampFromMs(start - age),
  });

/** The folders of a made-up server. `file:///data/locked` cannot be read. */
const folders: Record<string, Source[]> = {
  '': [folder('file:///data', '/data'), folder('file:///mnt/exports', '/mnt/exports')],
  'file:///data': [
    folder('file:///data/archive'),
    folder('file:///data/empty'),
    folder('file:///data/locked'),
    file('file:///data', 'sales-2024.csv', 48_231_119_870, 3 * day),
    file('file:///data', 'sales 2025, so far.csv.gz', 7_310_442, 1_800_000),
    file('file:///data', 'a name that goes on and on because somebody wanted it to say everything.csv', 1204, 90 * day),
    file('file:///data', 'nothing.csv', 0, day),
  ],
  'file:///data/archive': Array.from({ length: 230 }, (_, index) =>
    file('file:///data/archive', `branch-${String(index + 1).padStart(3, '0')}.csv`, (index + 1) * 91_824, index * day),
  ),
  'file:///data/empty': [],
  'file:///mnt/exports': [file('file:///mnt/exports', 'crm.tsv', 88_120_000, 200 * day)],
};

/** A page of a folder. */
export function sampleFolder(url: string, pageSize: number, pageToken: string) {
  const entries = folders[url];
  if (entries === undefined) throw new ConnectError(`the folder "${url}" cannot be read`, Code.PermissionDenied);
  const from = Number(pageToken || 0);
  const next = from + (pageSize || 100);
  return { sources: entries.slice(from, next), nextPageToken: next < entries.length ? String(next) : '' };
}
