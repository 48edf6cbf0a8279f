/** Zip archives as different programs write them (APPNOTE.TXT). */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipFile {
  name: string;
  content?: string | Buffer;
  isStored?: boolean;
  /** Checksum and sizes stand behind the data, as when the archive was written to a pipe. */
  hasDescriptor?: boolean;
  /** How the descriptor is written: with a signature is usual. */
  descriptor?: { hasSignature?: boolean; isWide?: boolean; isMissing?: boolean };
  /** Sizes in eight bytes, in the extra field. */
  isZip64?: boolean;
  flags?: number;
  method?: number;
}

/** An archive of these files. */
export function zipArchive(files: readonly ZipFile[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const { local, central } = pack(file, offset);
    parts.push(local);
    directory.push(central);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, list.length]);
  return Buffer.concat([...parts, list, end, numbers([4, offset], [2, comment.length]), Buffer.from(comment)]);
}

function pack(file: ZipFile, offset: number): { local: Buffer; central: Buffer } {
  const { isStored = false, hasDescriptor = false, isZip64 = false, method = isStored ? 0 : 8 } = file;
  const content = Buffer.from(file.content ?? '');
  const data = isStored ? content : deflateRawSync(content);
  const crc = crc32(content);
  const name = Buffer.from(file.name);
  const flags = (file.flags ?? 0) | (hasDescriptor ? 8 : 0) | 0x0800;
  const head = (sizes: Buffer) => Buffer.concat([numbers([2, 20], [2, flags], [2, method], [2, 0], [2, 0]), sizes]);
  const sizes = numbers([4, crc], [4, data.length], [4, content.length]);
  const unknown = numbers([4, 0], [4, isZip64 ? 0xffffffff : 0], [4, isZip64 ? 0xffffffff : 0]);
  const wide = numbers([4, crc], [4, 0xffffffff], [4, 0xffffffff]);
  const extra = isZip64
    ? numbers([2, 1], [2, 16], [8, hasDescriptor ? 0 : content.length], [8, hasDescriptor ? 0 : data.length])
    : Buffer.alloc(0);
  const local = Buffer.concat([
    numbers([4, 0x04034b50]),
    head(hasDescriptor ? unknown : isZip64 ? wide : sizes),
    numbers([2, name.length], [2, extra.length]),
    name,
    extra,
    data,
    hasDescriptor ? descriptorOf(file, [crc, data.length, content.length]) : Buffer.alloc(0),
  ]);
  const central = Buffer.concat([
    numbers([4, 0x02014b50], [2, 20]),
    head(sizes),
    numbers([2, name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]),
    name,
  ]);
  return { local, central };
}

function descriptorOf({ descriptor = {}, isZip64 }: ZipFile, [crc = 0, packed = 0, length = 0]: number[]): Buffer {
  const { hasSignature = true, isWide = isZip64 === true, isMissing = false } = descriptor;
  if (isMissing) return Buffer.alloc(0);
  const width = isWide ? 8 : 4;
  const signature = hasSignature ? numbers([4, 0x08074b50]) : Buffer.alloc(0);
  return Buffer.concat([signature, numbers([4, crc], [width, packed], [width, length])]);
}

/** Numbers of two, four or eight bytes, the lowest first. */
function numbers(...fields: [width: 2 | 4 | 8, value: number][]): Buffer {
  return Buffer.concat(
    fields.map(([width, value]) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(value));
      return bytes.subarray(0, width);
    }),
  );
}
