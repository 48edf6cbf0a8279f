import { TallyError } from '../../errors.ts';

/** A part of a position: a text, or a whole number that is not negative. */
export type PositionPart = 'text' | 'number';

/** Page tokens are opaque to callers; inside they say after which row of which list the next page begins. */
export function encodePageToken(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * @param parts the parts of the position
 * @returns undefined for the empty token, which means the first page
 * @throws {@link TallyError} PAGE_TOKEN_INVALID
 */
export function decodePageToken(token: string, parts: readonly PositionPart[]): (string | number)[] | undefined {
  if (token === '') return undefined;
  try {
    const position: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    const fits = (part: unknown, index: number) =>
      parts[index] === 'text' ? typeof part === 'string' : Number.isSafeInteger(part) && Number(part) >= 0;
    if (Array.isArray(position) && position.length === parts.length && position.every(fits)) return position;
  } catch {
    // Not ours, as said below.
  }
  throw invalidPageToken();
}

export function invalidPageToken(): TallyError {
  return new TallyError(
    'PAGE_TOKEN_INVALID',
    'The page token does not belong to this list: start with the first page.',
  );
}
