import type { Readable } from 'node:stream';

/** All that a stream says, as text. */
export async function textOf(stream: Readable | null): Promise<string> {
  const parts: Buffer[] = [];
  // A stream that is cut off gives its text so far.
  await stream?.forEach((part: Buffer) => void parts.push(part)).catch(() => {});
  return Buffer.concat(parts).toString();
}
