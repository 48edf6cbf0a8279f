import { expect, test } from 'vitest';
import { httpStatusOf, toTallyError } from '../../errors.ts';
import { fromSqliteError } from './sqlite-errors.ts';

test.each([
  ['database or disk is full', 'DISK_FULL', 507],
  ['disk I/O error', 'STORAGE_FAILED', 500],
  ['attempt to write a readonly database', 'STORAGE_FAILED', 500],
  ['database disk image is malformed', 'STORAGE_FAILED', 500],
  ['UNIQUE constraint failed: jobs.id', 'INTERNAL', 500],
])('"%s" of SQLite becomes %s', (message, code, status) => {
  const error = toTallyError(fromSqliteError({ message, code: 'ERR_SQLITE_ERROR' }));
  expect(error.code).toBe(code);
  expect(httpStatusOf(error)).toBe(status);
  // The text of SQLite is for the log.
  expect(error.message).not.toContain(message);
  expect((error.cause as Error).message).toContain(message);
});

test('an error of ours keeps its code and text', () => {
  const error = { message: 'The page token is of another list.', code: 'PAGE_TOKEN_INVALID' };
  expect(fromSqliteError(error)).toMatchObject(error);
});
