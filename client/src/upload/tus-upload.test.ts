import { describe, expect, it } from 'vitest';
import { canRetry } from './tus-upload.ts';

describe('canRetry', () => {
  it.each([0, 401, 409, 423, 429, 500, 502, 503])('tries again after %d', (status) =>
    expect(canRetry(status)).toBe(true),
  );
  it.each([400, 403, 404, 410, 413, 507])('gives up after %d', (status) => expect(canRetry(status)).toBe(false));
});
