import { Code, ConnectError } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { toConnectError } from './connect-errors.ts';
import { ERROR_CODE_HEADER, toTallyError } from './errors.ts';

/** As Node makes them. */
const SYSTEM_ERRORS = [
  Object.assign(new Error('connect ENOENT /data/run/processor.sock'), {
    syscall: 'connect',
    errno: -2,
    code: 'ENOENT',
  }),
  Object.assign(new Error('getaddrinfo ENOTFOUND secret.host'), { syscall: 'getaddrinfo', errno: -3008 }),
  Object.assign(new Error('read ECONNRESET /data/run'), { syscall: 'read', errno: -104, code: 'ECONNRESET' }),
  Object.assign(new Error("EACCES: permission denied, open '/data/spool/x'"), { syscall: 'open', code: 'EACCES' }),
];

test.each(SYSTEM_ERRORS)('the text of %s reaches no caller, however it is wrapped', (cause) => {
  const wrapped = [
    cause,
    new ConnectError(cause.message, Code.Unavailable, {}, [], cause),
    ConnectError.from(cause, Code.Aborted),
    new Error(cause.message, { cause }),
  ];
  for (const error of wrapped) {
    expect(toConnectError(error).rawMessage).not.toMatch(/data|secret|connect E|read E/);
    expect(toTallyError(error).message).not.toMatch(/data|secret|connect E|read E/);
  }
});

test('what Connect itself says of a request stays', () => {
  const error = toConnectError(new ConnectError('the deadline has passed', Code.DeadlineExceeded));
  expect([error.rawMessage, error.code]).toEqual(['the deadline has passed', Code.DeadlineExceeded]);
});

test('the code of a processor that cannot be reached is stable', () => {
  const error = toConnectError(new ConnectError('x', Code.Unavailable, {}, [], SYSTEM_ERRORS[0]));
  expect(error.metadata.get(ERROR_CODE_HEADER)).toBe('PROCESSOR_UNAVAILABLE');
});
