import { TallyError } from '../../errors.ts';

/** Page tokens are opaque to callers; inside they say after which row the next page begins. */
export function encodePageToken(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * @param length how many parts the position has
 * @returns undefined for the empty token, which means the first page
 * @throws {@link TallyError} PAGE_TOKEN_INVALID
 */
export function decodePageToken(token: string, length: number): (string | number)[] | undefined {
  if (token === '') return undefined;
  try {
    const position: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    const isPart = (part: unknown) => typeof part === 'string' || typeof part === 'number';
    if (Array.isArray(position) && position.length === length && position.every(isPart)) return position;
  } catch {
    // Not ours, as said below.
  }
  throw new TallyError('PAGE_TOKEN_INVALID', 'The page token is not one of this list: start with the first page.');
}
