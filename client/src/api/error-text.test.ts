import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { texts } from '../texts.ts';
import { describeError, describeUploadStatus, isNotFound } from './error-text.ts';

describe('describeError', () => {
  it('hands on what the server says about the request, as a sentence', () => {
    expect(describeError(new ConnectError('there is no column "Sales"', Code.InvalidArgument))).toBe(
      'There is no column "Sales".',
    );
  });

  it('says what is not allowed as the server does', () => {
    const outside = new ConnectError('"/etc/passwd" is outside of the folders of SOURCES', Code.PermissionDenied);
    expect(describeError(outside)).toBe('"/etc/passwd" is outside of the folders of SOURCES.');
    expect(describeError(new ConnectError('', Code.PermissionDenied))).toBe(texts.errors.key);
  });

  it('has its own words where the message is for programs', () => {
    expect(describeError(new ConnectError('upstream connect error', Code.Unavailable))).toBe(texts.errors.unreachable);
    expect(describeError(new ConnectError('x', Code.Unauthenticated))).toBe(texts.errors.key);
    expect(describeError(new ConnectError('', Code.NotFound))).toBe(texts.errors.notFound);
    expect(describeError(new ConnectError('x', Code.DeadlineExceeded))).toBe(texts.errors.slow);
  });

  it('knows a browser without an answer', () => {
    expect(describeError(ConnectError.from(new TypeError('Failed to fetch')))).toBe(texts.errors.unreachable);
  });

  it('never shows the text of what is unexpected', () => {
    expect(describeError(new ConnectError('SELECT * FROM jobs', Code.Internal))).toBe(texts.errors.unexpected);
    expect(describeError(new Error('x is not a function'))).toBe(texts.errors.unknown);
    expect(describeError('odd')).toBe(texts.errors.unknown);
  });

  it('makes a sentence of what the server says, with options called as their settings', () => {
    expect(describeError(new ConnectError('the disk is full', Code.ResourceExhausted))).toBe('The disk is full.');
    const wrong = new ConnectError('amountColumn is "x".', Code.InvalidArgument);
    expect(describeError(wrong)).toBe('“Sum of” is "x".');
  });

  it('knows a file that cannot be read', () => {
    expect(describeError(new DOMException('gone', 'NotReadableError'))).toBe(texts.errors.fileUnreadable);
  });

  it('reads the status of a refused upload', () => {
    const refused = Object.assign(new Error('tus'), { originalResponse: { getStatus: () => 507 } });
    expect(describeError(refused)).toBe(texts.errors.diskFull);
    const silent = Object.assign(new Error('tus'), { originalResponse: null });
    expect(describeError(silent)).toBe(texts.errors.unreachable);
  });
});

describe('describeUploadStatus', () => {
  it.each([
    [403, texts.errors.key],
    [404, texts.errors.uploadGone],
    [410, texts.errors.uploadGone],
    [413, texts.errors.tooLarge],
    [503, texts.errors.unexpected],
    [418, texts.errors.uploadRefused(418)],
  ])('%d', (status, words) => expect(describeUploadStatus(status)).toBe(words));
});

describe('isNotFound', () => {
  it('is true for that code only', () => {
    expect(isNotFound(new ConnectError('x', Code.NotFound))).toBe(true);
    expect(isNotFound(new ConnectError('x', Code.Internal))).toBe(false);
    expect(isNotFound(new Error('not found'))).toBe(false);
  });
});
