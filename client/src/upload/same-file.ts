/** True if a file can be the one whose upload was interrupted: the same name and the same size. */
export function isSameFile(
  file: { name: string; size: number },
  wanted: { filename: string; sizeBytes?: bigint | undefined },
): boolean {
  return file.name === wanted.filename && (wanted.sizeBytes === undefined || BigInt(file.size) === wanted.sizeBytes);
}
