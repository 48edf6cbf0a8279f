import type { Readable } from 'node:stream';

/** All that a stream says, as text. */
export async function textOf(stream: Readable | null): Promise<string> {
  const parts: Buffer[] = [];
  // One that is cut off has said what it has said.
  await stream?.forEach((part: Buffer) => void parts.push(part)).catch(() => {});
  return Buffer.concat(parts).toString();
}
